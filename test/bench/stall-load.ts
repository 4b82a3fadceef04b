import { setTimeout as delay } from "node:timers/promises";
import { queueTopic } from "@crossline/contracts";
import { ResponseFault, type Client, type Platform, createClient, openDesk } from "@crossline/cli";

/** Cases that come due at one rate. */
export type Phase = { readonly name: string; readonly perSecond: number; readonly seconds: number };

/** One case: when it is opened and when it comes due, in milliseconds from the start. */
type PlannedCase = { readonly phase: string; readonly openAtMs: number; readonly dueAtMs: number };

/** When everything of a run is opened and comes due. */
export type Plan = { readonly cases: readonly PlannedCase[]; readonly beginsAtMs: ReadonlyMap<string, number> };

/** Milliseconds after the due instant, one per case that came. */
export type Stalls = {
  /** To the record in the vendor's own consumer. */
  readonly toVendor: readonly number[];
  /** To the offer's own time, in routing. */
  readonly toOffer: readonly number[];
  readonly opened: number;
  /** Between the first record at the vendor and the last, in milliseconds. */
  readonly arrivedWithinMs: number;
};

/** No target of a clock may be shorter. */
const shortestMs = 10_000;
/** A carrier has 100 lines at most; cases of one line come due at the rate at which they were opened, and lines overlap. */
const stepMs = 250;
const settleMs = 2_000;
const betweenMs = 1_500;
const lateMaxMs = 20_000;
const connections = 48;

/** Cases of phases one after the other, all opened before the first comes due. */
export function openedBefore(phases: readonly Phase[], openedPerSecond: number): Plan {
  const counts = phases.map(({ perSecond, seconds }) => Math.round(perSecond * seconds));
  const openingMs = (counts.reduce((sum, count) => sum + count, 0) * 1_000) / openedPerSecond;
  let beginAtMs = Math.max(openingMs + settleMs, shortestMs + stepMs);
  const cases: PlannedCase[] = [];
  const beginsAtMs = new Map<string, number>();
  for (const [at, { name, perSecond }] of phases.entries()) {
    beginsAtMs.set(name, beginAtMs);
    for (let index = 0; index < (counts[at] ?? 0); index++) {
      const openAtMs = (cases.length * 1_000) / openedPerSecond;
      // A target that is too short for a late phase's first cases comes due with its last.
      cases.push({
        phase: name,
        openAtMs,
        dueAtMs: Math.max(beginAtMs + (index * 1_000) / perSecond, openAtMs + shortestMs),
      });
    }
    beginAtMs += ((counts[at] ?? 0) * 1_000) / perSecond + betweenMs;
  }
  return { cases, beginsAtMs };
}

/** Cases that are opened at the rate at which they come due, ten seconds later: opening and firing go on together. */
export function openedMeanwhile({ name, perSecond, seconds }: Phase): Plan {
  const cases = Array.from({ length: Math.round(perSecond * seconds) }, (_, index) => {
    const openAtMs = (index * 1_000) / perSecond;
    return { phase: name, openAtMs, dueAtMs: openAtMs + shortestMs };
  });
  return { cases, beginsAtMs: new Map([[name, shortestMs]]) };
}

/**
 * Opens cases with a live handling under lines of different targets, and watches the vendor's topic with a plain Kafka client.
 * `onPhase` is called when the first case of a phase comes due. By phase.
 */
export async function measureStalls(
  platform: Platform,
  plan: Plan,
  onPhase: (name: string) => void = () => {},
): Promise<ReadonlyMap<string, Stalls>> {
  const { carrier, vendor } = await makeParties(platform);
  const found = new Map([...plan.beginsAtMs.keys()].map((phase) => [phase, emptyStalls(plan, phase)]));
  let seen = 0;
  const desk = await openDesk(platform.settings.brokers, [queueTopic(vendor, "wall")], ({ data, time }) => {
    const { openedAt, carrierCaseId } = (data as { brief: { case: { openedAt: string; carrierCaseId: string } } }).brief
      .case;
    const [, phase = "", targetMs] = carrierCaseId.split("|");
    const due = Temporal.Instant.from(openedAt).epochMilliseconds + Number(targetMs);
    const stalls = found.get(phase);
    if (stalls === undefined) return;
    seen++;
    stalls.toVendor.push(Date.now() - due);
    stalls.toOffer.push(Temporal.Instant.from(time).epochMilliseconds - due);
    stalls.firstAt ??= performance.now();
    stalls.arrivedWithinMs = performance.now() - stalls.firstAt;
  });
  try {
    await publishLines(carrier, vendor, new Set(plan.cases.map(targetOf)));
    const started = performance.now();
    const phases = [...plan.beginsAtMs].map(([name, atMs]) => delay(atMs).then(() => onPhase(name)));
    await openCases(carrier, plan.cases, started);
    await Promise.all(phases);
    const endMs = lateMaxMs + plan.cases.reduce((latest, { dueAtMs }) => Math.max(latest, dueAtMs), 0);
    while (seen < plan.cases.length && performance.now() - started < endMs) await delay(20);
  } finally {
    await desk.close();
  }
  return found;
}

function emptyStalls({ cases }: Plan, phase: string) {
  const opened = cases.filter((one) => one.phase === phase).length;
  const firstAt = undefined as number | undefined;
  return { toVendor: [] as number[], toOffer: [] as number[], opened, arrivedWithinMs: 0, firstAt };
}

async function makeParties({ url, settings }: Platform): Promise<{ carrier: Client; vendor: string }> {
  const operator = createClient(url, settings.operatorKey);
  const suffix = crypto.randomUUID().slice(0, 8);
  const make = async (party: string, kind: string): Promise<string> => {
    await operator.post("/v1/parties", { party, kind, name: party });
    return (await operator.post<{ key: string }>(`/v1/parties/${party}/keys`)).key;
  };
  const vendor = `bench-vendor-${suffix}`;
  const carrier = createClient(url, await make(`bench-carrier-${suffix}`, "carrier"));
  await make(vendor, "vendor");
  return { carrier, vendor };
}

async function openCases(carrier: Client, cases: readonly PlannedCase[], started: number): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < cases.length; index = next++) {
      const one = cases[index] as PlannedCase;
      const aheadMs = started + one.openAtMs - performance.now();
      if (aheadMs > 1) await delay(aheadMs);
      const target = targetOf(one);
      await open(carrier, {
        carrierCaseId: `${index}|${one.phase}|${target}`,
        line: lineName(target),
        title: "bench",
        channel: "phone",
        handling: {},
      });
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
}

/** Who is turned away comes again: what a phase before left behind may still be worked off. A case is due by when it was opened. */
async function open(carrier: Client, request: object): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await carrier.post("/v1/cases", request);
      return;
    } catch (error) {
      const isTurnedAway = error instanceof ResponseFault && error.status === 503;
      if (!isTurnedAway || attempt === 100) throw error;
      await delay(200);
    }
  }
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

/** Between opening and coming due, in the steps that lines are published for. */
function targetOf({ openAtMs, dueAtMs }: PlannedCase): number {
  return Math.max(shortestMs, Math.round((dueAtMs - openAtMs) / stepMs) * stepMs);
}

function lineName(target: number): string {
  return `bench-${target}`;
}
