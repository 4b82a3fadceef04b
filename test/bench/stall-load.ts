import { setTimeout as delay } from "node:timers/promises";
import { queueTopic } from "@crossline/contracts";
import { type Client, type Platform, createClient, openDesk } from "@crossline/local";

/** What to open, and when it is to come due. */
export type StallLoad = {
  readonly cases: number;
  /** How many come due a second. */
  readonly perSecond: number;
  /** How many are opened a second before that: the same as `perSecond` opens them while others come due. */
  readonly openedPerSecond: number;
  /** Between opening the first case and its coming due. Without it, the window begins when all cases have been open for some seconds. */
  readonly firstDueAfterMs?: number;
};

/** Milliseconds, one per case that came. */
export type Stalls = {
  /** From the due instant to the vendor's record. */
  readonly toVendor: readonly number[];
  /** From the due instant to the offer's own time, in routing. */
  readonly toOffer: readonly number[];
};

const settleMs = 4_000;
/** No target may be shorter. */
const shortestMs = 10_000;
const stepMs = 100;
const workers = 48;

/**
 * Opens cases with a live handling under lines of different targets, so that they come due at a steady rate in a window of
 * their own, and watches the vendor's topic with a plain Kafka client. `onWindow` is called when the first comes due.
 */
export async function measureStalls(
  { url, settings }: Platform,
  load: StallLoad,
  onWindow: () => unknown = () => {},
): Promise<Stalls> {
  const operator = createClient(url, settings.operatorKey);
  const suffix = crypto.randomUUID().slice(0, 8);
  const party = async (name: string, kind: string): Promise<string> => {
    await operator.post("/v1/parties", { party: name, kind, name });
    return (await operator.post<{ key: string }>(`/v1/parties/${name}/keys`)).key;
  };
  const vendor = `bench-vendor-${suffix}`;
  const carrier = createClient(url, await party(`bench-carrier-${suffix}`, "carrier"));
  await party(vendor, "vendor");

  const toVendor: number[] = [];
  const toOffer: number[] = [];
  const desk = await openDesk(settings.brokers, [queueTopic(vendor, "wall")], ({ data, time }) => {
    const { brief } = data as { brief: { case: { openedAt: string; carrierCaseId: string } } };
    const target = Number(brief.case.carrierCaseId.split("-").at(-1));
    const due = Temporal.Instant.from(brief.case.openedAt).epochMilliseconds + target;
    toVendor.push(Date.now() - due);
    toOffer.push(Temporal.Instant.from(time).epochMilliseconds - due);
  });
  try {
    const { cases, perSecond, openedPerSecond } = load;
    const windowMs = (cases * 1_000) / perSecond;
    const openingMs = (cases * 1_000) / openedPerSecond;
    const firstDueMs = load.firstDueAfterMs ?? openingMs + Math.max(settleMs, shortestMs + stepMs - windowMs);
    const targetOf = (index: number): number => {
      const ms = firstDueMs + (index / cases) * (windowMs - openingMs);
      return Math.max(shortestMs, Math.round(ms / stepMs) * stepMs);
    };
    await publishLines(carrier, vendor, new Set(Array.from({ length: cases }, (_, index) => targetOf(index))));
    const started = performance.now();
    const window = delay(firstDueMs).then(onWindow);
    await openCases(carrier, load, started, targetOf);
    await window;
    const longestMs = firstDueMs + windowMs + 15_000;
    while (toVendor.length < cases && performance.now() - started < longestMs) await delay(20);
  } finally {
    await desk.close();
  }
  return { toVendor, toOffer };
}

async function openCases(
  carrier: Client,
  { cases, openedPerSecond }: StallLoad,
  started: number,
  targetOf: (index: number) => number,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < cases; index = next++) {
      const aheadMs = started + (index * 1_000) / openedPerSecond - performance.now();
      if (aheadMs > 1) await delay(aheadMs);
      const target = targetOf(index);
      await carrier.post("/v1/cases", {
        carrierCaseId: `B-${index}-${target}`,
        line: lineName(target),
        title: "bench",
        channel: "phone",
        handling: {},
      });
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
}

async function publishLines(carrier: Client, vendor: string, targets: ReadonlySet<number>): Promise<void> {
  for (const target of targets) {
    const line = {
      line: lineName(target),
      calendar: "24x7",
      clocks: [{ kind: "stall.busy", target: `PT${target / 1_000}S` }],
      crossing: [{ to: `queue:${vendor}.desk`, acceptWithin: "P1D" }],
      lastResort: ["https://duty.example/"],
    };
    for (let attempt = 0; ; attempt++) {
      try {
        await carrier.post("/v1/lines", line);
        break;
      } catch (error) {
        if (attempt === 50) throw error; // The vendor may not be known to routing yet.
        await delay(100);
      }
    }
  }
}

function lineName(target: number): string {
  return `bench-${target}`;
}
