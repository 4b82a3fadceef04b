import { AsyncLocalStorage } from "node:async_hooks";
import { newId } from "@crossline/contracts";
import { appendToOutbox } from "@crossline/messaging";
import { type Database, type Tx, now } from "@crossline/postgres";
import { type FastifyRequest, isRefusal } from "@crossline/service";
import { actionOf } from "./action-of.ts";
import { toTaken } from "./messages.ts";
import { countWrites } from "./writes.ts";

/** A command that runs, with the id of its action. `isRecorded` is true after the commit of a transaction with the action. */
type RunningCommand = { readonly id: string; readonly request: FastifyRequest; isRecorded: boolean };

/** Records the commands of one service. */
export type CommandRecorder = {
  /** The database of the service, whose transactions record the command that runs them. */
  readonly database: Database;
  /** Runs the rest of a request as a command. */
  readonly run: (request: FastifyRequest, rest: () => void) => void;
};

export type CommandDeps = {
  readonly database: Database;
  readonly service: string;
  /** Wakes the relay. */
  readonly wakeRelay: () => void;
};

/** Matches every statement that can write. A read that matches by chance costs only a transaction. */
const canWrite = /\b(?:insert into|update|delete from|truncate|merge into)\b/i;

/**
 * Returns a database whose transactions record the command that runs them. A transaction of a command that has inserted, changed or
 * deleted a row also appends the action to the outbox. Both commit, or neither does. A transaction that only reads or locks rows
 * records nothing. A command with several transactions is recorded by the first one that writes. Two that run at once append the same
 * record, which consumers apply once. A transaction outside a command costs one query of a map in memory.
 */
export function recordCommands({ database, service, wakeRelay }: CommandDeps): CommandRecorder {
  const running = new AsyncLocalStorage<RunningCommand>();

  async function record<T>(
    command: RunningCommand,
    work: (tx: Tx) => Promise<T>,
    options: Parameters<Database["transaction"]>[1],
  ): Promise<T> {
    let isAppended = false;
    const result = await database.transaction(async (tx) => {
      const before = countWrites(tx);
      before.catch(() => {}); // The next statement reports the fault.
      const done = await work(tx);
      if (isRefusal(done)) return done;
      if ((await countWrites(tx)) === (await before)) return done;
      const action = actionOf(command.request);
      if (action === undefined) return done;
      await appendToOutbox(tx, [toTaken(command.id, service, await now(tx), action)]);
      isAppended = true;
      return done;
    }, options);
    if (isAppended) {
      command.isRecorded = true;
      wakeRelay();
    }
    return result;
  }

  const transaction: Database["transaction"] = (work, options) => {
    const command = running.getStore();
    if (command === undefined || command.isRecorded) return database.transaction(work, options);
    return record(command, work, options);
  };
  return {
    database: {
      ...database,
      transaction,
      query: (query) =>
        running.getStore()?.isRecorded === false && canWrite.test(query.text)
          ? transaction((tx) => tx.query(query))
          : database.query(query),
    },
    run: (request, rest) => running.run({ id: newId("ac"), request, isRecorded: false }, rest),
  };
}
