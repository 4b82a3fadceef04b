import { type Database, isTransient } from "@crossline/postgres";
import { createFairBuffer } from "../admission/fair-buffer.ts";
import type { Lines } from "../store/lines.ts";
import type { CaseResult } from "./case-response.ts";
import { commitWithWrites } from "./commit.ts";
import type { CaseRequest } from "./request.ts";
import { doUnitOfWork } from "./unit-of-work.ts";

/** Decides and stores a request; resolves when it is durable. Rejects where nothing is known to have happened. */
export type WriteRequest = (request: CaseRequest) => Promise<CaseResult>;

type WaitingRequest = { readonly request: CaseRequest } & PromiseWithResolvers<CaseResult>;

const requestsMax = 100;
const settings = { keepPlans: true };

/**
 * Writes the requests of the wall: those that came in during one transaction share the next one. Under load many requests share
 * two round trips and one flush of the disk, and an idle service waits for nothing. One transaction at a time: two (measured) make
 * the batches smaller and cost PostgreSQL 30 % more per request. The parties take turns. `onCommitted` is called after each commit.
 */
export function createCaseWriter(database: Database, lines: Lines, onCommitted: () => void): WriteRequest {
  const waiting = createFairBuffer<WaitingRequest>();
  let isWriting = false;

  const commit = (requests: readonly CaseRequest[], locked: "wait" | "skip") =>
    commitWithWrites(database, (tx) => doUnitOfWork(tx, requests, { lines, locked }), settings);

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.size() > 0) {
      const answer = await writeTogether(waiting.take(requestsMax));
      // The next transaction's reads are sent before these are answered: PostgreSQL works while the answers are written.
      if (waiting.size() > 0) setImmediate(answer);
      else answer();
    }
    isWriting = false;
  }

  /** Returns the answering of the requests, for when there is time. */
  async function writeTogether(taken: readonly WaitingRequest[]): Promise<() => void> {
    const requests = taken.map(({ request }) => request);
    try {
      const { results } = await commit(requests, "skip");
      onCommitted();
      return () => {
        for (const [index, one] of taken.entries()) {
          const result = results[index];
          if (result === undefined || result === "locked") void writeAlone(one);
          else one.resolve(result);
        }
      };
    } catch (error) {
      if (isTransient(error)) for (const { reject } of taken) reject(error);
      // One that cannot be written must not fail the others; and where another process was quicker to take a carrier's case
      // id, a second transaction finds it taken.
      else for (const one of taken) await writeAlone(one);
      return () => {};
    }
  }

  /** In a transaction of its own, which waits for the case. */
  async function writeAlone({ request, resolve, reject }: WaitingRequest): Promise<void> {
    try {
      const { results } = await commit([request], "wait");
      const [result] = results;
      if (result === undefined || result === "locked") throw new Error("a request that waited has no result");
      onCommitted();
      resolve(result);
    } catch (error) {
      reject(error);
    }
  }

  return (request) => {
    const one: WaitingRequest = { request, ...Promise.withResolvers<CaseResult>() };
    waiting.push(request.actor.party, one);
    if (!isWriting) void writeAll();
    return one.promise;
  };
}
