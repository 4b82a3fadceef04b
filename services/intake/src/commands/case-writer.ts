import { type Database, type Tx, isTransient } from "@crossline/postgres";
import { createFairQueue } from "../admission/fair-queue.ts";
import type { Lines } from "../store/lines.ts";
import type { CaseResult } from "./answer.ts";
import type { CaseRequest } from "./request.ts";
import { type UnitOfWork, doUnitOfWork } from "./unit-of-work.ts";

/** Decides and stores a request; resolves when it is durable. Rejects where nothing is known to have happened. */
export type WriteRequest = (request: CaseRequest) => Promise<CaseResult>;

type Waiting = { readonly request: CaseRequest } & PromiseWithResolvers<CaseResult>;

const requestsMax = 100;
const settings = { keepPlans: true };

/**
 * Writes the requests of the wall: those that came in during one transaction share the next one. Under load many requests share
 * two round trips and one flush of the disk, and an idle service waits for nothing. One transaction at a time: two (measured) make
 * the batches smaller and cost PostgreSQL 30 % more per request. The parties take turns. `onCommitted` is called after each commit.
 */
export function createCaseWriter(database: Database, lines: Lines, onCommitted: () => void): WriteRequest {
  const waiting = createFairQueue<Waiting>();
  let isWriting = false;

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
  async function writeTogether(taken: readonly Waiting[]): Promise<() => void> {
    const requests = taken.map(({ request }) => request);
    try {
      const results = await commit(database, (tx) => doUnitOfWork(tx, requests, { lines, locked: "skip" }));
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
  async function writeAlone({ request, resolve, reject }: Waiting): Promise<void> {
    try {
      const [result] = await commit(database, (tx) => doUnitOfWork(tx, [request], { lines, locked: "wait" }));
      if (result === undefined || result === "locked") throw new Error("a request that waited has no result");
      onCommitted();
      resolve(result);
    } catch (error) {
      reject(error);
    }
  }

  return (request) => {
    const one: Waiting = { request, ...Promise.withResolvers<CaseResult>() };
    waiting.push(request.actor.party, one);
    if (!isWriting) void writeAll();
    return one.promise;
  };
}

/** One transaction. It does not wait for the writes, so that the commit is in their packet. */
async function commit(database: Database, work: (tx: Tx) => Promise<UnitOfWork>): Promise<UnitOfWork["results"]> {
  let saving: Promise<void> | undefined;
  try {
    return await database.transaction(async (tx) => {
      const unit = await work(tx);
      saving = unit.saving;
      return unit.results;
    }, settings);
  } catch (error) {
    await saving; // the statement's own error says more than the commit's
    throw error;
  }
}
