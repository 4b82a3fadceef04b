import { type Bench, type Measurement, interleave, median, ratioOf } from "./frame.ts";
import { type TimerDatabase, createTimerDatabase } from "./timers-cases.ts";
import { type ReferenceName, createReferenceDatabase } from "./timers-reference-database.ts";
import type { ReferenceRole } from "./timers-reference.ts";
import { gather, pause, startReferenceProcess, startTimerProcess } from "./timers-processes.ts";

const limitMs = 60_000;
/** The share of each contestant's work that is not counted, because Node still compiles the contestant's code. */
const warmShare = 0.3;

/** The speed at which the timer fires a backlog of due cases. */
export const timersDrain: Bench = {
  name: "timers-drain",
  title: "Firing a backlog of timers",
  about:
    "Cases of the README's line with a live handling are all due at once. The first 30 % of the firings are not counted. The measurement of the other 70 % ends with the commit of the last firing. Each firing reads and stores the state of its case and writes its record into the outbox. The handlers of the references do nothing. The measurement of a reference ends when its last job is marked done. In `safe` the references write batches of 1,000 jobs, and run 24 jobs at a time from a local buffer of 500. In `fast` pg-boss has two workers, and graphile-worker marks jobs done in batches. After a crash, graphile-worker runs the jobs of an unmarked batch again. All programs use the same PostgreSQL, with every commit on the disk.",
  async run(scale, servers) {
    const server = await servers.postgres();
    const count = scale === "quick" ? 20_000 : 100_000;
    const timer = (role: "scanner" | "timer", members: number) => () => drainTimer(server, count, role, members);
    const reference = (name: ReferenceName, tuned: ReferenceRole["tuned"]) => () =>
      drainReference(server, count, name, tuned);
    const fast = {
      "pg-boss fast": reference("pg-boss", "fast"),
      "graphile-worker fast": reference("graphile-worker", "fast"),
    };
    const safe = {
      "pg-boss safe": reference("pg-boss", "safe"),
      "graphile-worker safe": reference("graphile-worker", "safe"),
    };
    const all: Record<string, () => Promise<number>> = {
      one: timer("scanner", 1),
      two: timer("scanner", 2),
      ...(scale === "full" && { sending: timer("timer", 1), ...fast }),
      ...safe,
    };
    const rates = await interleave(scale === "quick" ? 1 : 3, all);
    return { figures: figuresOf(rates) };
  },
};

function figuresOf(rates: Readonly<Record<string, readonly number[]>>): Measurement[] {
  const products = { one: "one worker", two: "two workers", sending: "one worker, records sent too" };
  return Object.entries(products).flatMap(([product, title]) => {
    const own = rates[product];
    if (own === undefined) return [];
    return Object.entries(rates).flatMap(([name, others]): Measurement[] => {
      if (name in products) return [];
      const against = `${name}, ${perSecond(median(others))}`;
      const base = { name: `timers drained, ${title}, vs ${name}`, figure: perSecond(median(own)), against };
      const bound = product === "two" ? { must: { atLeast: 2 }, aim: { atLeast: 4 } } : {};
      return [{ ...base, ...ratioOf(own, others), better: "higher", ...bound }];
    });
  });
}

function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString("en")}/s`;
}

/** Returns firings per second. */
async function drainTimer(server: string, count: number, role: "scanner" | "timer", members: number): Promise<number> {
  const timers = await createTimerDatabase(server);
  try {
    return await drainArmed(timers, count, role, members);
  } finally {
    await timers.drop();
  }
}

/**
 * Arms `count` due cases and returns the firings per second of these cases. The table may already contain armed cases.
 */
export async function drainArmed(
  timers: TimerDatabase,
  count: number,
  role: "scanner" | "timer",
  members: number,
): Promise<number> {
  const places = Array.from({ length: members }, (_, member) => member);
  const workers = await Promise.all(
    places.map((member) => startTimerProcess({ url: timers.url, role, member, members })),
  );
  try {
    await timers.arm(count, () => Date.now() - 1_000);
    await Promise.all(workers.map((worker) => worker.go()));
    const warm = await gather(workers, { count: count * warmShare, until: Date.now() + limitMs });
    const rest = await gather(workers, { count: count - warm.fired, until: Date.now() + limitMs });
    return (rest.fired * 1000) / (rest.lastAt - warm.lastAt);
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
  }
}

/** Returns the number of jobs that the reference completes per second. */
async function drainReference(
  server: string,
  count: number,
  reference: ReferenceName,
  tuned: ReferenceRole["tuned"],
): Promise<number> {
  const jobs = await createReferenceDatabase(server, reference);
  const worker = await startReferenceProcess({ url: jobs.url, program: reference, tuned });
  try {
    await jobs.arm(count, () => Date.now() - 1_000);
    await worker.go();
    const warm = await gather([worker], { count: count * warmShare, until: Date.now() + limitMs });
    const rest = await gather([worker], { count: count - warm.fired, until: Date.now() + limitMs });
    while (!(await jobs.isEmpty())) await pause(5);
    return (rest.fired * 1000) / (Date.now() - warm.lastAt);
  } finally {
    await worker.kill();
    await jobs.drop();
  }
}
