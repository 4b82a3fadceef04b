import { type Bench, type Measurement, median, quantile, ratioOf } from "./frame.ts";
import { createTimerDatabase } from "./timers-cases.ts";
import { firingCosts } from "./timers-cost.ts";
import { type ReferenceName, createReferenceDatabase } from "./timers-reference-database.ts";
import { type Contestant, gather, pause, startReferenceProcess, startTimerProcess } from "./timers-processes.ts";

const perSecond = 6_700;
const graceMs = 15_000;
/** Firings in this time are not counted, because Node still compiles each contestant's code. */
const warmMs = 1_500;

/** The lateness of firings at a steady rate. */
export const timersLateness: Bench = {
  name: "timers-lateness",
  title: "Lateness at 6,700 due cases a second, and the cost of a firing",
  about:
    "Each program is one process. The timer runs with all its components, including the relay. The timer's lateness is the time from the due instant to the handover of the record to the broker. The lateness of a reference ends when the reference calls its handler. The handlers do nothing. The reference pg-boss polls every 0.5 s, its shortest interval, and graphile-worker every 10 ms. The last rows compare the processor time of a firing with graphile-worker's, in the process and in all of PostgreSQL. These rows have 100, 1,000 and 5,000 due cases a second.",
  async run(scale, servers) {
    const server = await servers.postgres();
    const [seconds, rounds] = scale === "quick" ? [3.5, 1] : [8, 3];
    const own: number[] = [];
    const halfs: number[] = [];
    const references: Record<ReferenceName, number[]> = { "pg-boss": [], "graphile-worker": [] };
    for (let round = 0; round < rounds; round++) {
      const lateness = await timerLateness(server, seconds);
      own.push(quantile(lateness, 0.99));
      halfs.push(median(lateness));
      for (const reference of ["pg-boss", "graphile-worker"] as const)
        references[reference].push(quantile(await referenceLateness(server, reference, seconds), 0.99));
    }
    const line = (reference: ReferenceName, must: number, aim: number): Measurement => ({
      name: `p99 lateness vs ${reference}`,
      figure: `${median(own)} ms`,
      ...ratioOf(own, references[reference]),
      against: `${reference}, ${median(references[reference])} ms`,
      must: { atMost: must },
      aim: { atMost: aim },
    });
    const value = median(own);
    return {
      figures: [
        line("pg-boss", 1 / 8, 1 / 20),
        line("graphile-worker", 1 / 2, 1 / 4),
        {
          name: "p99 lateness",
          figure: `${value} ms, p50 ${median(halfs)} ms`,
          ratio: value / 50,
          against: "50 ms",
          value,
          aim: { atMost: 50 },
        },
        ...(await firingCosts(server, scale === "quick" ? 2 : 8, rounds)),
      ],
    };
  },
};

async function timerLateness(server: string, seconds: number): Promise<readonly number[]> {
  const timers = await createTimerDatabase(server);
  const worker = await startTimerProcess({ url: timers.url, role: "timer" });
  return measure(worker, seconds, timers);
}

async function referenceLateness(
  server: string,
  reference: ReferenceName,
  seconds: number,
): Promise<readonly number[]> {
  const jobs = await createReferenceDatabase(server, reference);
  const worker = await startReferenceProcess({ url: jobs.url, program: reference, tuned: "fast" });
  return measure(worker, seconds, jobs);
}

type JobStore = Pick<Awaited<ReturnType<typeof createTimerDatabase>>, "arm" | "drop">;

/**
 * Stores all cases before the contestant starts, because storing would disturb the contestant. The contestant starts before
 * the first case is due.
 */
async function measure(worker: Contestant, seconds: number, store: JobStore): Promise<readonly number[]> {
  const count = Math.round(perSecond * seconds);
  try {
    const startAt = Date.now() + 4_000 + count / 5;
    await store.arm(count, (index) => Math.round(startAt + (index * 1000) / perSecond));
    await worker.go();
    if (Date.now() > startAt)
      throw new Error("the machine is too slow: the first case was due before all cases were stored");
    await pause(startAt + warmMs - Date.now());
    const warm = await worker.ask();
    const left = count - warm.fired;
    return (await gather([worker], { count: left, until: startAt + seconds * 1000 + graceMs })).lateness;
  } finally {
    await worker.kill();
    await store.drop();
  }
}
