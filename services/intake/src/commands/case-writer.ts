import { type Database, type Tx, isTransient } from "@crossline/postgres";
import { type Executed, contended, executeMany, executeOne } from "./execute.ts";
import { createFairQueue } from "../admission/fair-queue.ts";
import type { Lines } from "../store/lines.ts";
import type { Item, Verdict } from "./item.ts";

/** Takes the commands of the wall. */
export type CaseWriter = {
  /** Decides and stores an item; resolves when it is durable. Rejects where nothing is known to have happened. */
  write(item: Item): Promise<Verdict>;
};

type Waiting = { readonly item: Item } & PromiseWithResolvers<Verdict>;

const itemsMax = 100;
const kept = { keepPlans: true };

/**
 * Writes what has come in while the last transaction ran in the next one: under load many commands share two round trips
 * and one flush of the disk, and an idle service waits for nothing. One transaction at a time: two (measured) make the
 * batches smaller and cost PostgreSQL 30 % more per command. The parties take turns. `onCommitted` hears of every transaction.
 */
export function createCaseWriter(database: Database, lines: Lines, onCommitted: () => void): CaseWriter {
  const waiting = createFairQueue<Waiting>();
  let isWriting = false;

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.size() > 0) {
      const answer = await writeSome(waiting.take(itemsMax));
      // The next transaction's reads are sent before these are answered: PostgreSQL works while the answers are written.
      if (waiting.size() > 0) setImmediate(answer);
      else answer();
    }
    isWriting = false;
  }

  /** Gives the answering of the items, for when there is time. */
  async function writeSome(taken: readonly Waiting[]): Promise<() => void> {
    const items = taken.map(({ item }) => item);
    try {
      const verdicts = await commit(database, (tx) => executeMany(tx, lines, items));
      onCommitted();
      return () => {
        for (const [index, one] of taken.entries()) {
          const verdict = verdicts[index];
          if (verdict === contended || verdict === undefined) void writeAlone(one);
          else one.resolve(verdict);
        }
      };
    } catch (error) {
      if (isTransient(error)) for (const { reject } of taken) reject(error);
      // One that cannot be written must not take the others with it; and where another process was quicker to take a
      // carrier's case id, the second look finds it.
      else for (const one of taken) await writeAlone(one);
      return () => {};
    }
  }

  /** In a transaction of its own, which waits for the case. */
  async function writeAlone({ item, resolve, reject }: Waiting): Promise<void> {
    try {
      const [verdict] = await commit(database, (tx) => executeOne(tx, lines, item));
      onCommitted();
      resolve(verdict as Verdict);
    } catch (error) {
      reject(error);
    }
  }

  return {
    write(item) {
      const one: Waiting = { item, ...Promise.withResolvers<Verdict>() };
      waiting.push(item.actor.party, one);
      if (!isWriting) void writeAll();
      return one.promise;
    },
  };
}

/** One transaction. The writes are not waited for, so that the commit is in their packet. */
async function commit<V>(database: Database, work: (tx: Tx) => Promise<Executed<V>>): Promise<readonly V[]> {
  let saving: Promise<void> | undefined;
  try {
    return await database.transaction(async (tx) => {
      const executed = await work(tx);
      saving = executed.saving;
      return executed.verdicts;
    }, kept);
  } catch (error) {
    await saving; // the statement's own error says more than the commit's
    throw error;
  }
}
