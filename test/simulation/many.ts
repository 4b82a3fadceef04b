import { Worker } from "node:worker_threads";

/** Every n-th seed, from the first to the last. */
export type Share = { readonly first: number; readonly last: number; readonly every: number };
/** Seeds that failed, at most a few, and how many awaits were passed. */
export type Shared = { readonly failed: number[]; awaits: number };

const threads = 2;

/** Plays the seeds 1 to `last`, in two threads. */
export async function playMany(last: number): Promise<Shared> {
  const shares = await Promise.all(
    Array.from({ length: threads }, (_, index) => inThread({ first: index + 1, last, every: threads })),
  );
  return {
    failed: shares.flatMap(({ failed }) => failed).toSorted((a, b) => a - b),
    awaits: shares.reduce((sum, { awaits }) => sum + awaits, 0),
  };
}

function inThread(share: Share): Promise<Shared> {
  const { promise, resolve, reject } = Promise.withResolvers<Shared>();
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: share });
  worker.once("message", resolve);
  worker.once("error", reject);
  worker.once("exit", (code) => reject(new Error(`a thread of the simulation ended with ${code}`)));
  return promise;
}
