import { Logger, run } from "graphile-worker";
import { PgBoss } from "pg-boss";
import { startWitness } from "./timers-witness.ts";

/**
 * The task of this process. `safe` works in batches, and marks every job of a batch as done before the next batch starts.
 * `fast` uses every option of the program that makes it faster, even options that run many jobs again after a crash.
 */
export type ReferenceRole = {
  readonly url: string;
  readonly program: "pg-boss" | "graphile-worker";
  readonly tuned: "safe" | "fast";
};

const { url, program, tuned } = JSON.parse(process.argv[2] ?? "") as ReferenceRole;
const witness = startWitness(program === "pg-boss" ? startBoss : startWorker);

async function startBoss(): Promise<void> {
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false, max: 10 });
  await boss.start();
  const workers = tuned === "fast" ? 2 : 1;
  // 0.5 s is the shortest polling interval that pg-boss accepts.
  const options = { batchSize: 1000, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true, localConcurrency: workers };
  await boss.work<{ dueAt: number }>("due", options, async (jobs) => {
    for (const { data } of jobs) witness.saw(data.dueAt);
  });
}

async function startWorker(): Promise<void> {
  const batched = tuned === "fast" ? { completeJobBatchDelay: 0 } : {};
  await run({
    connectionString: url,
    maxPoolSize: 14,
    noHandleSignals: true,
    logger: new Logger(() => () => {}),
    taskList: { due: async (payload) => witness.saw((payload as { dueAt: number }).dueAt) },
    preset: { worker: { concurrentJobs: 24, pollInterval: 10, localQueue: { size: 500 }, ...batched } },
  });
}
