import assert from "node:assert/strict";
import type { Socket } from "node:net";
import pg from "pg";
import { isStatementFault, isTransient } from "./faults.ts";
import { type ConnectionSettings, clientConfig, replanStatement, keepPlansStatement } from "./settings.ts";
import { toParameter } from "./values.ts";

/** A row as it comes: int8 as number, timestamptz as Instant (epoch ms), json parsed; numeric stays text (cast a sum to bigint). */
export type Row = Record<string, unknown>;

/** One statement. With a name it is prepared once per connection; one name has one text. */
export type Query = { readonly text: string; readonly values?: readonly unknown[]; readonly name?: string };

/** Where statements go. As the argument of `transaction` it is that one open transaction and dies with it. */
export interface Tx {
  /**
   * Runs one statement and gives its rows. Several that are not awaited one by one share a round trip and run in
   * order. Throws the database's error, whose message names the statement (its first `-- comment`) and which carries no
   * values of rows; `isTransient` says whether to try again.
   */
  query<R>(query: Query): Promise<R[]>;
}

type PlanOptions = {
  /**
   * For what runs all day: a statement with a name is planned once for each connection instead of each time, and then may go by
   * index and nested loop alone, or a plan made on empty tables would scan whole ones for ever. So every statement of such a
   * transaction must find its rows by index, whatever the tables hold (`explain` in this mode tells).
   */
  readonly keepPlans?: boolean;
};

/** A pool of connections to one schema. A statement outside a transaction is a transaction of its own. */
export interface Database extends Tx {
  /** begin, work, commit; rolled back when `work` throws, and that error thrown on. Never retries by itself. */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: PlanOptions): Promise<T>;
  /**
   * Lends one connection of its own, outside the pool, closed afterwards: for advisory locks. The signal aborts when the
   * connection is lost (and the locks with it) or the database is closed. To wait for a lock ask `pg_try_advisory_lock`
   * again and again: a waiting `pg_advisory_lock` keeps a snapshot open and runs into the statement timeout.
   */
  session<T>(work: (tx: Tx, signal: AbortSignal) => Promise<T>, options?: PlanOptions): Promise<T>;
  /** Waits for what is running in the pool, ends sessions, closes. Closing twice is fine. */
  close(): Promise<void>;
}

export type ConnectOptions = ConnectionSettings & {
  /** 10 where it is not given. */
  readonly poolMax?: number;
  /** Hears of connections lost while nobody used them; nothing needs to be done about it. */
  readonly onError?: (error: Error) => void;
};

/** Makes a pool; nothing is connected before the first statement, and lost connections are replaced as they are needed. */
export function connect(options: ConnectOptions): Database {
  const { poolMax = 10, onError } = options;
  const pool = new pg.Pool({ ...clientConfig(options), max: poolMax, idleTimeoutMillis: 60_000 });
  pool.on("error", (error) => onError?.(error));
  // A borrowed connection that is lost between two statements would end the process: the pool listens to idle ones only.
  pool.on("connect", (client) => client.on("error", () => {}));
  const sessions = new Set<AbortController>();
  let closing: Promise<void> | undefined;

  return {
    query: <R>(query: Query) =>
      borrow(pool, (client) => {
        setPlans(client, false);
        return run<R>(client, query);
      }),
    transaction: (work, { keepPlans = false } = {}) =>
      borrow(pool, (client) => {
        setPlans(client, keepPlans);
        return transact(client, work);
      }),
    session: (work, { keepPlans = false } = {}) => {
      assert.ok(closing === undefined, "the database is closed");
      return runSession(clientConfig(options), sessions, async (client, signal) => {
        setPlans(client, keepPlans);
        return work({ query: (query) => run(client, query) }, signal);
      });
    },
    close: () => {
      for (const session of sessions) session.abort(new Error("the database is closed"));
      return (closing ??= pool.end());
    },
  };
}

async function borrow<T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    return await work(client);
  } catch (error) {
    // After the statement's own error, or the caller's, the connection is as good as before.
    broken = client.getTransactionStatus() !== "I" || (isTransient(error) && !isStatementFault(error));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The connections that keep plans now. */
const keeping = new WeakSet<pg.ClientBase>();

/**
 * Changes a connection over, before `begin` and in the same packet: a pool hands out the one that was used last, so that this is
 * seldom needed. (Planning for each batch was a fifth of what PostgreSQL did for a command of intake; `set local` in each
 * transaction costs a statement.)
 */
function setPlans(client: pg.ClientBase, keep: boolean): void {
  if (keeping.has(client) === keep) return;
  if (keep) keeping.add(client);
  else keeping.delete(client);
  client.query(keep ? keepPlansStatement : replanStatement).catch(() => {}); // what follows says so
}

async function transact<T>(client: pg.ClientBase, work: (tx: Tx) => Promise<T>): Promise<T> {
  let open = true;
  const tx: Tx = {
    query: (query) => {
      assert.ok(open, "a statement was sent to a transaction that has ended");
      return run(client, query);
    },
  };
  // Not awaited: it travels in one packet with the first statement.
  sendTogether(client);
  const begun = client.query("begin");
  begun.catch(() => {});
  try {
    const result = await work(tx);
    await begun;
    open = false;
    sendTogether(client);
    const { command } = await client.query("commit");
    // Commit does not fail after a statement that did: it rolls back and says so.
    if (command !== "COMMIT") throw new Error("the transaction was rolled back, as one of its statements had failed");
    return result;
  } catch (error) {
    open = false;
    await client.query("rollback").catch(() => {}); // a lost connection rolls back by itself
    throw error;
  }
}

async function runSession<T>(
  config: pg.ClientConfig,
  sessions: Set<AbortController>,
  work: (client: pg.ClientBase, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(config);
  const lifetime = new AbortController();
  const end = (cause?: Error) => lifetime.abort(new Error("Connection terminated", { cause }));
  client.on("error", end);
  client.on("end", () => end());
  sessions.add(lifetime);
  try {
    await client.connect();
    lifetime.signal.addEventListener("abort", () => void client.end().catch(() => {}));
    return await work(client, lifetime.signal);
  } finally {
    sessions.delete(lifetime);
    await client.end().catch(() => {});
  }
}

async function run<R>(client: pg.ClientBase, { text, values, name }: Query): Promise<R[]> {
  sendTogether(client);
  try {
    const result = await client.query<pg.QueryResultRow>({
      text,
      ...(name !== undefined && { name }),
      ...(values !== undefined && { values: values.map(toParameter) }),
    });
    return result.rows as R[];
  } catch (error) {
    if (isStatementFault(error)) describe(error as pg.DatabaseError, text);
    throw error;
  }
}

type CorkableClient = { readonly connection?: { readonly stream: Pick<Socket, "cork" | "uncork"> } };
const gathering = new WeakSet<object>();

/**
 * Statements that are sent in one turn go out in one write: pg writes each by itself, and the dozen writes of a batch of
 * intake's were a sixth of its CPU. Ends before anything that comes in is looked at, so that nothing waits.
 */
function sendTogether(client: pg.ClientBase): void {
  const stream = (client as CorkableClient).connection?.stream;
  if (stream === undefined || gathering.has(stream)) return;
  gathering.add(stream);
  stream.cork();
  process.nextTick(() => {
    gathering.delete(stream);
    stream.uncork();
  });
}

/** Names the statement, and drops what holds values of rows: errors end up in logs, and logs hold no personal data. */
function describe(error: pg.DatabaseError, text: string): void {
  const statement = /^\s*--\s*(\S+)/.exec(text)?.[1];
  // A data exception quotes the value that it does not take; other messages quote names of tables and the like.
  const message = error.code?.startsWith("22") === true ? error.message.replace(/".*"/s, '"…"') : error.message;
  error.message = statement === undefined ? message : `${statement}: ${message}`;
  Reflect.deleteProperty(error, "detail");
}
