import { type Database, isTransient } from "@crossline/postgres";
import { createFairBuffer } from "../admission/fair-buffer.ts";
import type { Lines } from "../store/lines.ts";
import type { CaseResult } from "./case-response.ts";
import { commitWithWrites } from "./commit.ts";
import type { CaseRequest } from "./request.ts";
import { doUnitOfWork } from "./unit-of-work.ts";

/** Decides and stores a request. Resolves after the commit. Rejects with the error of the transaction. */
export type WriteRequest = (request: CaseRequest) => Promise<CaseResult>;

type WaitingRequest = { readonly request: CaseRequest } & PromiseWithResolvers<CaseResult>;

const requestsMax = 100;
const settings = { keepPlans: true };

/**
 * Creates the writer of requests on the wall. Requests that arrive during one transaction share the next one. Under load, many requests
 * share two round trips and one flush of the disk, and an idle service does not wait. Only one transaction runs at a time. Two were
 * measured: the batches were smaller, and each request cost PostgreSQL 30 % more. The parties take turns. `onCommitted` is called after
 * each commit.
 */
export function createCaseWriter(database: Database, lines: Lines, onCommitted: () => void): WriteRequest {
  const buffer = createFairBuffer<WaitingRequest>();
  let isWriting = false;

  const commit = (requests: readonly CaseRequest[], locked: "wait" | "skip") =>
    commitWithWrites(database, (tx) => doUnitOfWork(tx, requests, { lines, locked }), settings);

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (buffer.size() > 0) {
      const respond = await writeTogether(buffer.take(requestsMax));
      // The next transaction sends its reads first, so that PostgreSQL works while intake writes these responses.
      if (buffer.size() > 0) setImmediate(respond);
      else respond();
    }
    isWriting = false;
  }

  /** Returns a function that responds to the requests. The caller chooses when to call it. */
  async function writeTogether(taken: readonly WaitingRequest[]): Promise<() => void> {
    const requests = taken.map(({ request }) => request);
    try {
      const { results } = await commit(requests, "skip");
      onCommitted();
      return () => {
        for (const [index, waiting] of taken.entries()) {
          const result = results[index];
          if (result === undefined || result === "locked") void writeAlone(waiting);
          else waiting.resolve(result);
        }
      };
    } catch (error) {
      if (isTransient(error)) for (const { reject } of taken) reject(error);
      // One faulty request must not fail the others, so each gets a transaction of its own. If another process has just used a
      // carrier's case id, the new transaction finds that case.
      else for (const waiting of taken) await writeAlone(waiting);
      return () => {};
    }
  }

  /** Writes a request in a transaction of its own, which waits for the lock of the case. */
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
    const waiting: WaitingRequest = { request, ...Promise.withResolvers<CaseResult>() };
    buffer.push(request.actor.party, waiting);
    if (!isWriting) void writeAll();
    return waiting.promise;
  };
}
