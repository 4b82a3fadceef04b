import { Worker } from "node:worker_threads";
import type { Race } from "./invariants/checks.ts";

/** A range of seeds: every n-th seed from the first to the last. */
export type SeedRange = { readonly first: number; readonly last: number; readonly every: number };
/** The first seeds that failed, and the numbers of awaits and of races with the automatic closing. */
export type SeedResults = { readonly failed: number[]; readonly counts: Record<"awaits" | Race, number> };

export const noCounts = { awaits: 0, inquiry: 0, answer: 0, closed: 0 } as const;

const threads = 2;

/** Plays the seeds 1 to `last` in two threads. */
export async function playMany(last: number): Promise<SeedResults> {
  const shares = await Promise.all(
    Array.from({ length: threads }, (_, index) => inThread({ first: index + 1, last, every: threads })),
  );
  return {
    failed: shares.flatMap(({ failed }) => failed).toSorted((a, b) => a - b),
    counts: {
      awaits: sumOf(shares, "awaits"),
      inquiry: sumOf(shares, "inquiry"),
      answer: sumOf(shares, "answer"),
      closed: sumOf(shares, "closed"),
    },
  };
}

function sumOf(shares: readonly SeedResults[], name: keyof SeedResults["counts"]): number {
  return shares.reduce((sum, share) => sum + share.counts[name], 0);
}

function inThread(share: SeedRange): Promise<SeedResults> {
  const { promise, resolve, reject } = Promise.withResolvers<SeedResults>();
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: share });
  worker.once("message", resolve);
  worker.once("error", reject);
  worker.once("exit", (code) => reject(new Error(`a thread of the simulation ended with ${code}`)));
  return promise;
}
