import type { Bench } from "./frame.ts";
import { clocksPerCase, createTimerDatabase } from "./timers-cases.ts";
import { createReferenceDatabase, schemaBytes } from "./timers-reference-database.ts";

/** The disk space of one armed clock. */
export const timersBytes: Bench = {
  name: "timers-bytes",
  title: "Bytes per armed clock",
  about:
    "Cases of the README's line with a live handling have three running clocks (`stall.busy`, `handling.limit`, `stall.idle`) with six thresholds. The first value is the size of the clock table, with its free space and both indexes, divided by the number of clocks. The last value also includes everything else that the timer stores for a case, such as the sequences of the consumer. For a reference, the value is the size of all tables and indexes of its schema, divided by the number of delayed jobs. One job stands for one clock. All programs store in batches of 5,000, followed by a vacuum.",
  async run(scale, servers) {
    const server = await servers.postgres();
    const cases = scale === "quick" ? 20_000 : 100_000;
    const dueAt = () => Date.now() + 3_600_000;
    const timers = await createTimerDatabase(server);
    const boss = await createReferenceDatabase(server, "pg-boss");
    const worker = await createReferenceDatabase(server, "graphile-worker");
    try {
      await timers.arm(cases, dueAt);
      const clocks = (await schemaBytes(timers.database, "case_clock")) / cases / clocksPerCase;
      const all = (await schemaBytes(timers.database)) / cases / clocksPerCase;
      const perJob = async (reference: typeof boss) => {
        const before = await reference.bytes();
        await reference.arm(cases, dueAt);
        return ((await reference.bytes()) - before) / cases;
      };
      const [bossJob, workerJob] = [await perJob(boss), await perJob(worker)];
      const line = (name: string, bytes: number, reference: string, job: number) => ({
        name: `${name}, vs ${reference}`,
        figure: `${bytes.toFixed(0)} B`,
        ratio: bytes / job,
        against: `${reference}, ${job.toFixed(0)} B a job`,
        better: "lower" as const,
      });
      return {
        figures: [
          {
            ...line("bytes per armed clock", clocks, "pg-boss", bossJob),
            must: { atMost: 0.75 },
            aim: { atMost: 0.55 },
          },
          line("bytes per armed clock", clocks, "graphile-worker", workerJob),
          line("bytes per armed clock with the consumer's tables", all, "pg-boss", bossJob),
        ],
        remarks: [
          `A case takes ${(clocks * clocksPerCase).toFixed(0)} bytes for its clocks and ${(all * clocksPerCase).toFixed(0)} bytes in all.`,
        ],
      };
    } finally {
      await Promise.all([timers.drop(), boss.drop(), worker.drop()]);
    }
  },
};
