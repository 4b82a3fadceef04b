import { setTimeout as delay } from "node:timers/promises";
import { queueTopic } from "@crossline/contracts";
import { ResponseFault, type Client, type Platform, createClient, openDesk } from "@crossline/cli";

/** Cases that become due at one rate. */
export type Phase = { readonly name: string; readonly perSecond: number; readonly seconds: number };

/** One case: the times of its opening and its due instant, in milliseconds from the start. */
type PlannedCase = { readonly phase: string; readonly openAtMs: number; readonly dueAtMs: number };

/** The cases of a run, and the start of each phase. */
export type Plan = { readonly cases: readonly PlannedCase[]; readonly beginsAtMs: ReadonlyMap<string, number> };

/** The milliseconds after the due instant, with one number for each case whose record arrived. */
export type Stalls = {
  /** The time from the due instant to the record in the vendor's own consumer. */
  readonly toVendor: readonly number[];
  /** The time from the due instant to the offer in routing. */
  readonly toOffer: readonly number[];
  readonly opened: number;
  /** The milliseconds between the vendor's first and last record. */
  readonly arrivedWithinMs: number;
};

/** The shortest target that a clock may have. */
const shortestMs = 10_000;
/**
 * A carrier has 100 lines at most. The cases of one line become due at the rate at which they are opened. Several lines are in use
 * at the same time.
 */
const stepMs = 250;
const settleMs = 2_000;
const betweenMs = 1_500;
const lateMaxMs = 20_000;
const connections = 48;

/** Returns a plan of consecutive phases, whose cases are all opened before the first is due. */
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
      // The first cases of a late phase may need a target below the minimum. These cases get the minimum as their
      // target, and become due with the last cases of the phase.
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

/** Returns a plan in which cases are opened as fast as other cases become due. Each case is due ten seconds after its opening. */
export function openedMeanwhile({ name, perSecond, seconds }: Phase): Plan {
  const cases = Array.from({ length: Math.round(perSecond * seconds) }, (_, index) => {
    const openAtMs = (index * 1_000) / perSecond;
    return { phase: name, openAtMs, dueAtMs: openAtMs + shortestMs };
  });
  return { cases, beginsAtMs: new Map([[name, shortestMs]]) };
}

/**
 * Opens cases with a live handling under lines of different targets, and reads the vendor's topic with a plain Kafka
 * client. Calls `onPhase` when the first case of a phase is due. Returns the result of each phase.
 */
export async function measureStalls(
  platform: Platform,
  plan: Plan,
  onPhase: (name: string) => void = () => {},
): Promise<ReadonlyMap<string, Stalls>> {
  const { carrier, vendor } = await makeParties(platform);
  const found = new Map([...plan.beginsAtMs.keys()].map((phase) => [phase, emptyStalls(plan, phase)]));
  let seen = 0;
  const connection = await platform.connectDesk(vendor);
  if (connection === undefined) throw new Error("the vendor's consumer needs Kafka");
  const desk = await openDesk(connection, [queueTopic(vendor, "wall")], ({ data, time }) => {
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

/**
 * Opens a case, and retries after a refusal, because the previous phase may have left a backlog. The due instant
 * follows from the opening.
 */
async function open(carrier: Client, request: object): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await carrier.post("/v1/cases", request);
      return;
    } catch (error) {
      const isRefused = error instanceof ResponseFault && (error.status === 503 || error.status === 429);
      if (!isRefused || attempt === 100) throw error;
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
        if (attempt === 50) throw error; // Routing may not know the vendor yet.
        await delay(100);
      }
    }
  }
}

/** Returns the time from the opening to the due instant, rounded to the targets of the published lines. */
function targetOf({ openAtMs, dueAtMs }: PlannedCase): number {
  return Math.max(shortestMs, Math.round((dueAtMs - openAtMs) / stepMs) * stepMs);
}

function lineName(target: number): string {
  return `bench-${target}`;
}
