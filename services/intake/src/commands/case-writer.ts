import { AsyncLocalStorage } from "node:async_hooks";
import { type Database, isTransient } from "@crossline/postgres";
import { createFairBuffer } from "../admission/fair-buffer.ts";
import type { CaseResult } from "./case-response.ts";
import { commitWithWrites } from "./commit.ts";
import type { CaseRequest } from "./request.ts";
import type { LoadDeps } from "./load.ts";
import { doUnitOfWork } from "./unit-of-work.ts";

/** Decides a request and stores the result. Resolves after the commit. Rejects with the error of the transaction. */
export type WriteRequest = (request: CaseRequest) => Promise<CaseResult>;

type WaitingRequest = { readonly request: CaseRequest } & PromiseWithResolvers<CaseResult>;

const requestsMax = 100;
const settings = { keepPlans: true };

/**
 * Creates the writer of requests on the wall timeline. Requests that arrive during one transaction share the next transaction. Under
 * load, many requests therefore share two round trips and one flush of the disk. In an idle service, a request does not wait. Only one
 * transaction runs at a time. With two concurrent transactions, the batches were smaller, and each request cost PostgreSQL 30 % more.
 * The parties take turns. The writer calls `onCommitted` after each commit.
 */
export function createCaseWriter(
  database: Database,
  deps: Pick<LoadDeps, "lines" | "mailDomain">,
  onCommitted: () => void,
): WriteRequest {
  const buffer = createFairBuffer<WaitingRequest>();
  let isWriting = false;
  // One transaction has the requests of several callers, so it must not run in the asynchronous context of one of them. The action log
  // would attribute the transaction to that caller.
  const outsideRequests = AsyncLocalStorage.snapshot();

  const commit = (requests: readonly CaseRequest[], locked: "wait" | "skip") =>
    commitWithWrites(database, (tx) => doUnitOfWork(tx, requests, { ...deps, locked }), settings);

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (buffer.size() > 0) {
      const respond = await writeTogether(buffer.take(requestsMax));
      // If requests wait, intake sends the reads of the next transaction before the responses of this transaction. PostgreSQL
      // then works while intake sends the responses.
      if (buffer.size() > 0) setImmediate(respond);
      else respond();
    }
    isWriting = false;
  }

  /**
   * Writes requests in one transaction. Returns a function that resolves the promises of the requests, so that the caller
   * chooses when intake sends the responses.
   */
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
      // A faulty request must not make the other requests fail, so each request gets a transaction of its own. If another process has
      // just opened a case with the same carrier's case id, the new transaction finds that case.
      else for (const waiting of taken) await writeAlone(waiting);
      return () => {};
    }
  }

  /** Writes one request in its own transaction. The transaction waits for the lock of the case. */
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
    if (!isWriting) void outsideRequests(writeAll);
    return waiting.promise;
  };
}
