import assert from "node:assert/strict";
import type { Socket } from "node:net";
import pg from "pg";
import { isAborted, isStatementFault, isTransient } from "./faults.ts";
import { type ConnectionSettings, clientConfig, replanStatement, keepPlansStatement } from "./settings.ts";
import { toParameter } from "./values.ts";

/**
 * A row of a result. An int8 is a number, a timestamptz is an Instant (epoch milliseconds), and json is parsed. A
 * numeric stays text, so a sum must be cast to bigint.
 */
export type Row = Record<string, unknown>;

/** A statement. A statement with a name is prepared once per connection; each name must have one text. */
export type Query = { readonly text: string; readonly values?: readonly unknown[]; readonly name?: string };

/**
 * Executes statements. The `Tx` that `work` receives is an open transaction, and is unusable after that transaction
 * ends.
 */
export interface Tx {
  /**
   * Executes one statement and returns its rows. If the caller does not await each statement separately, several
   * statements share a round trip and run in order. Throws the error of the database. The message of the error begins
   * with the name of the statement (its first `-- comment`) and contains no values of rows. `isTransient` shows whether
   * a retry can succeed.
   */
  query<R>(query: Query): Promise<R[]>;
}

type PlanOptions = {
  /**
   * An option for loops that run all day. If true, PostgreSQL plans a named statement once per connection instead of at
   * each execution. Only index scans and nested loops are allowed, because a plan made on empty tables would otherwise
   * scan whole tables for ever. Every statement of a transaction with this option must therefore find its rows by
   * index, even in large tables. An `explain` in such a transaction shows the kept plan.
   */
  readonly keepPlans?: boolean;
};

/** A pool of connections to one schema. A statement outside a transaction is a transaction of its own. */
export interface Database extends Tx {
  /**
   * Runs `work` between begin and commit. If `work` throws, rolls back and throws the same error. If an earlier statement has
   * aborted the transaction, throws the error of that statement. Never retries automatically.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: PlanOptions): Promise<T>;
  /**
   * Runs `work` with a separate connection outside the pool, for advisory locks. The connection closes when `work`
   * ends. The signal aborts if the connection and its locks are lost, or if the database is closed. To wait for a lock,
   * call `pg_try_advisory_lock` repeatedly. A waiting `pg_advisory_lock` would keep a snapshot open until the statement
   * timeout.
   */
  session<T>(work: (tx: Tx, signal: AbortSignal) => Promise<T>, options?: PlanOptions): Promise<T>;
  /**
   * Waits for the running statements of the pool, ends the sessions and closes all connections. `close` can be called
   * twice.
   */
  close(): Promise<void>;
}

/** The options of `connect`. */
export type ConnectOptions = ConnectionSettings & {
  /** The maximum number of connections. Default: 10. */
  readonly poolMax?: number;
  /** Reports the loss of an idle connection. The pool replaces the connection automatically. */
  readonly onError?: (error: Error) => void;
};

/**
 * Creates a pool. The pool connects at the first statement, and replaces a lost connection when a statement needs one.
 */
export function connect(options: ConnectOptions): Database {
  const { poolMax = 10, onError } = options;
  const pool = new pg.Pool({ ...clientConfig(options), max: poolMax, idleTimeoutMillis: 60_000 });
  pool.on("error", (error) => onError?.(error));
  // Without this listener, the loss of a borrowed connection between two statements would end the process.
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
    // An error of a statement or of the caller leaves the connection usable.
    broken = client.getTransactionStatus() !== "I" || (isTransient(error) && !isStatementFault(error));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The connections that keep their plans at present. */
const keeping = new WeakSet<pg.ClientBase>();

/**
 * Turns the keeping of plans on or off for a connection, with a statement before `begin` in the same packet. A switch
 * is rarely necessary, because a pool lends the connection that was used last. Without kept plans, planning was a fifth
 * of Postgres' work for a command of intake. `set local` would cost a statement in each transaction.
 */
function setPlans(client: pg.ClientBase, keep: boolean): void {
  if (keeping.has(client) === keep) return;
  if (keep) keeping.add(client);
  else keeping.delete(client);
  client.query(keep ? keepPlansStatement : replanStatement).catch(() => {}); // the next statement reports the fault
}

async function transact<T>(client: pg.ClientBase, work: (tx: Tx) => Promise<T>): Promise<T> {
  let open = true;
  let firstFault: unknown;
  const tx: Tx = {
    query: <R>(query: Query) => {
      assert.ok(open, "a statement was sent in a transaction that has ended");
      const rows = run<R>(client, query);
      rows.catch((error: unknown) => (firstFault ??= error));
      return rows;
    },
  };
  // `begin` is not awaited, so that it shares a packet with the first statement.
  sendTogether(client);
  const begun = client.query("begin");
  begun.catch(() => {});
  try {
    const result = await work(tx);
    await begun;
    open = false;
    sendTogether(client);
    const { command } = await client.query("commit");
    // After a failed statement, `commit` does not fail, but rolls back and returns ROLLBACK.
    if (command !== "COMMIT")
      throw new Error("the transaction was rolled back because one of its statements had failed", {
        cause: firstFault,
      });
    return result;
  } catch (error) {
    open = false;
    await client.query("rollback").catch(() => {}); // a lost connection rolls back automatically
    // Of statements that share a packet, the one that failed first can reach the caller last. The others fail only because the
    // transaction is aborted, which no retry would explain.
    throw isAborted(error) ? (firstFault ?? error) : error;
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
 * Sends all statements of one turn of the event loop in one write. pg alone writes each statement separately. The
 * separate writes, about twelve for each batch, took a sixth of intake's CPU time. The event loop ends its turn before
 * it processes any input, so no statement is delayed.
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

/**
 * Adds the statement's name to the error and removes the values of rows, because errors are logged and logs must
 * contain no personal data.
 */
function describe(error: pg.DatabaseError, text: string): void {
  const statement = /^\s*--\s*(\S+)/.exec(text)?.[1];
  // A data exception quotes the invalid value; other messages quote only names, such as names of tables.
  const message = error.code?.startsWith("22") === true ? error.message.replace(/".*"/s, '"…"') : error.message;
  error.message = statement === undefined ? message : `${statement}: ${message}`;
  Reflect.deleteProperty(error, "detail");
}
