import { setTimeout as delay } from "node:timers/promises";
import { connect, type Database, type Tx, isTransient, now, toSql } from "@crossline/postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

// These tests create their schema themselves, because packages/testing depends on this package.
const url = inject("postgres").url;
const schema = `t_${crypto.randomUUID().replaceAll("-", "")}`;
let database: Database;

beforeAll(async () => {
  database = connect({ url, schema, applicationName: schema });
  await database.query({ text: `create schema ${schema}` });
  await database.query({ text: "create table item (id bigint primary key, name text unique, made_at timestamptz)" });
});

afterAll(async () => {
  await database.query({ text: `drop schema ${schema} cascade` });
  await database.close();
  await database.close();
});

const one = async <R>(text: string, values: unknown[] = []) => (await database.query<R>({ text, values }))[0];
const echo = (value: number) => ({ name: "test.echo", text: "select $1::int as value", values: [value] });
const count = async () => (await one<{ count: number }>("select count(*) from item"))?.count;
const backend = async (tx: { query: Database["query"] }) =>
  (await tx.query<{ pid: number }>({ text: "select pg_backend_pid() as pid" }))[0]?.pid;

describe("values", () => {
  test("columns become numbers, instants, parsed json, and arrays of these values", async () => {
    const row = await one(`select 9007199254740991::bigint as big, array[1, null, 3]::bigint[] as bigs,
      '2026-03-07T09:00:00.123456-05:00'::timestamptz as at, '1969-12-31T23:59:59.999Z'::timestamptz as before,
      array['2026-03-07T09:00:00Z', null]::timestamptz[] as ats, '{}'::bigint[] as none, '{"a": [1]}'::jsonb as json,
      'infinity'::timestamptz as never, null::timestamptz as unknown, '0099-01-01T00:00:00Z'::timestamptz as old`);
    expect(row).toEqual({
      big: 9_007_199_254_740_991,
      bigs: [1, null, 3],
      at: Date.UTC(2026, 2, 7, 14, 0, 0, 123),
      before: -1,
      ats: [Date.UTC(2026, 2, 7, 9), null],
      none: [],
      json: { a: [1] },
      never: Infinity,
      unknown: null,
      old: Date.parse("0099-01-01T00:00:00Z"),
    });
  });

  test("every instant is returned unchanged, alone and in an array", async () => {
    const instants = [
      0,
      1,
      999,
      1_000,
      -62_135_596_800_000,
      253_402_300_799_999,
      1_772_892_000_007,
      Infinity,
      -Infinity,
    ];
    const rows = await database.query<{ at: number }>({
      text: "select at from unnest($1::timestamptz[]) as at",
      values: [instants.map(toSql)],
    });
    expect(rows.map(({ at }) => at)).toEqual(instants);
    for (const instant of instants)
      expect(await one("select $1::timestamptz as at", [toSql(instant)])).toEqual({ at: instant });
  });

  test("lists with any content are stored unchanged", async () => {
    const texts = ["plain", "", "NULL", 'a "quote"', String.raw`C:\\temp\"`, "{a,b}", "line\nend", " é ", null];
    expect((await one<{ texts: string[] }>("select $1::text[] as texts", [texts]))?.texts).toEqual(texts);
    const numbers = [0, -1.5, 1e21, Infinity, null];
    expect((await one<{ numbers: number[] }>("select $1::float8[] as numbers", [numbers]))?.numbers).toEqual(numbers);
    expect((await one<{ are: boolean[] }>("select $1::boolean[] as are", [[true, false]]))?.are).toEqual([true, false]);
    expect((await one<{ none: unknown[] }>("select $1::text[] as none", [[]]))?.none).toEqual([]);
    const bytes = [Buffer.from([0, 255, 92]), null];
    expect((await one<{ bytes: Buffer[] }>("select $1::bytea[] as bytes", [bytes]))?.bytes).toEqual(bytes);
  });

  test("a bigint that is too large for a number throws and is never rounded", async () => {
    await expect(one("select 9007199254740993::bigint")).rejects.toThrow("too large");
    expect(await one("select 1 as fine")).toEqual({ fine: 1 });
  });

  test("the time comes from the database, in whole milliseconds", async () => {
    const before = await one<{ at: number }>("select clock_timestamp() as at");
    const time = await now(database);
    expect(Number.isInteger(time)).toBe(true);
    expect(time).toBeGreaterThanOrEqual(before?.at ?? Infinity);
  });
});

describe("connections", () => {
  test("connections are bound to the schema, with timeouts for statements and transactions", async () => {
    const rows = await database.query<{ name: string; setting: string }>({
      text: `select name, setting from pg_settings where name in ('search_path', 'statement_timeout', 'plan_cache_mode',
        'idle_in_transaction_session_timeout', 'application_name', 'TimeZone')`,
    });
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      search_path: schema,
      statement_timeout: "30000",
      plan_cache_mode: "force_custom_plan",
      idle_in_transaction_session_timeout: "60000",
      application_name: schema,
      TimeZone: "UTC",
    });
  });

  test("connections accept further settings, including settings in the address", async () => {
    const options = encodeURIComponent("-c work_mem=8MB");
    const other = connect({
      url: `${url}?options=${options}`,
      schema,
      applicationName: schema,
      settings: { synchronous_commit: "off" },
    });
    const [row] = await other.query({
      text: "select current_setting('work_mem') as memory, current_setting('synchronous_commit') as sync, current_schema as schema",
    });
    expect(row).toEqual({ memory: "8MB", sync: "off", schema });
    await other.close();
  });

  test("the pool replaces a connection that was lost at any moment", async () => {
    const lost = database.transaction(async (tx) => {
      const pid = await backend(tx);
      await one("select pg_terminate_backend($1)", [pid]);
      await expect.poll(() => one("select 1 from pg_stat_activity where pid = $1", [pid])).toBeUndefined();
      await tx.query({ text: "insert into item (id) values (404)" });
    });
    await expect(lost).rejects.toSatisfy(isTransient);
    const sleeping = one("select pg_sleep(20) -- sleeper").catch((fault: unknown) => fault);
    await expect
      .poll(() =>
        one(
          "select pg_terminate_backend(pid) from pg_stat_activity where query like '%-- sleeper' and pid <> pg_backend_pid() and application_name = $1",
          [schema],
        ),
      )
      .toBeDefined();
    expect(await sleeping).toSatisfy(isTransient);
    expect(await one("select 1 as fine, (select count(*) from item where id = 404) as items")).toEqual({
      fine: 1,
      items: 0,
    });
  });

  test("a refused connection is a transient fault, and a missing database is not", async () => {
    const unreachable = connect({ url: "postgres://postgres@127.0.0.1:1/postgres", schema, applicationName: schema });
    await expect(unreachable.query({ text: "select 1" })).rejects.toSatisfy(isTransient);
    await unreachable.close();
    const wrong = new URL(url);
    wrong.pathname = "/there_is_no_such_database";
    const nowhere = connect({ url: wrong.href, schema, applicationName: schema });
    await expect(nowhere.query({ text: "select 1" })).rejects.not.toSatisfy(isTransient);
    await nowhere.close();
  });
});

describe("statements", () => {
  test("Postgres prepares a statement with a name once per connection, even if its first calls share a packet", async () => {
    await database.transaction(async (tx) => {
      const rows = await Promise.all([1, 2, 3].map((value) => tx.query<{ value: number }>(echo(value))));
      expect(rows.flat().map(({ value }) => value)).toEqual([1, 2, 3]);
      const prepared = await tx.query<{ name: string }>({
        text: "select name from pg_prepared_statements where name like 'test.%'",
      });
      expect(prepared).toEqual([{ name: "test.echo" }]);
    });
  });

  test("the error of a statement contains the statement's name and no values of rows", async () => {
    const insert = { text: "\n  -- test.insert\n insert into item (id, name) values (1, 'Ada Secret')" };
    await database.query(insert);
    const error = await database.query(insert).catch((fault: unknown) => fault);
    expect(isTransient(error)).toBe(false);
    expect(String(error)).toContain("test.insert: duplicate key");
    expect(JSON.stringify({ ...(error as object) })).not.toMatch(/Ada|\(1\)/);
    await database.query({ text: "delete from item" });
  });
});

describe("a transaction", () => {
  test("a transaction commits everything or nothing", async () => {
    const add = (id: number, then?: Error) =>
      database.transaction(async (tx) => {
        await tx.query({ text: "insert into item (id) values ($1)", values: [id] });
        if (then) throw then;
        return id;
      });
    expect(await add(10)).toBe(10);
    const callerError = new Error("changed my mind");
    await expect(add(11, callerError)).rejects.toBe(callerError);
    expect(await count()).toBe(1);
    await database.query({ text: "delete from item" });
  });

  test("a transaction with an ignored failed statement rejects", async () => {
    const careless = database.transaction(async (tx) => {
      await tx.query({ text: "insert into item (id) values (1)" });
      await tx.query({ text: "select 1 / 0" }).catch(() => {});
    });
    await expect(careless).rejects.toThrow("rolled back");
    expect(await count()).toBe(0);
  });

  test("the error of a transaction is its first fault, even if the fault of a later statement arrives first", async () => {
    const disk = { text: "-- test.full-disk\ndo $$ begin raise exception 'full' using errcode = '53100'; end $$" };
    // Each level of promises delays a rejection.
    const save = async (tx: Tx): Promise<void> => void (await Promise.all([tx.query(disk), tx.query(echo(2))]));
    const together = database.transaction((tx) => Promise.all([save(tx), tx.query(echo(1))]));
    const fault: unknown = await together.catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: "53100", message: "test.full-disk: full" });

    const ignored = database.transaction(async (tx) => void tx.query(disk).catch(() => {}));
    const outcome: unknown = await ignored.catch((error: unknown) => error);
    expect(isTransient(outcome)).toBe(true);
  });

  test("a transaction refuses statements after its end", async () => {
    const leaked = await database.transaction(async (tx) => tx);
    expect(() => leaked.query({ text: "select 1" })).toThrow("ended");
  });

  test("the fault of a deadlock is transient, even as the cause of another error", async () => {
    const error = await database
      .transaction((tx) => tx.query({ text: "do $$ begin raise exception using errcode = '40P01'; end $$" }))
      .catch((fault: unknown) => fault);
    expect(isTransient(error)).toBe(true);
    expect(isTransient(new Error("outer", { cause: error }))).toBe(true);
  });

  test("a transaction waits if all connections of the pool are in use", async () => {
    const small = connect({ url, schema, applicationName: schema, poolMax: 2 });
    const pids = await Promise.all(Array.from({ length: 20 }, () => small.transaction(async (tx) => backend(tx))));
    expect(new Set(pids).size).toBeLessThanOrEqual(2);
    await small.close();
  });
});

describe("kept plans", () => {
  const settings = "select current_setting('plan_cache_mode') as cache, current_setting('enable_seqscan') as scans";
  const readSettings = async (tx: { query: Database["query"] }) =>
    (await tx.query<{ cache: string; scans: string }>({ text: settings }))[0];
  const keepingSettings = { cache: "force_generic_plan", scans: "off" };
  const replanningSettings = { cache: "force_custom_plan", scans: "on" };

  test("only transactions and sessions with `keepPlans` keep plans, on every connection", async () => {
    const single = connect({ url, schema, applicationName: schema, poolMax: 1 });
    expect(await single.transaction(readSettings, { keepPlans: true })).toEqual(keepingSettings);
    await expect(single.transaction(() => Promise.reject(new Error("no")), { keepPlans: true })).rejects.toThrow("no");
    expect(await single.transaction(readSettings, { keepPlans: true })).toEqual(keepingSettings);
    expect(await single.transaction(readSettings)).toEqual(replanningSettings);
    expect(await single.transaction(readSettings, { keepPlans: true })).toEqual(keepingSettings);
    expect(await readSettings(single)).toEqual(replanningSettings);
    expect(await single.session(readSettings, { keepPlans: true })).toEqual(keepingSettings);
    expect(await single.session(readSettings)).toEqual(replanningSettings);
    await single.close();
  });

  test("a kept plan uses the index, even if Postgres made the plan on an empty table", async () => {
    const single = connect({ url, schema, applicationName: schema, poolMax: 1 });
    await single.query({ text: "create table grown (id bigint primary key)" });
    const find = { name: "test.find", text: "select id from grown where id = $1", values: [7] };
    await single.transaction((tx) => tx.query(find), { keepPlans: true });
    const explain = 'explain execute "test.find" (7)';
    const rows = await single.transaction((tx) => tx.query<{ "QUERY PLAN": string }>({ text: explain }), {
      keepPlans: true,
    });
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toMatch(/Index (Only )?Scan|Bitmap Index Scan/);
    await single.close();
  });
});

describe("a session", () => {
  const tryLock = { text: "select pg_try_advisory_lock(hashtext($1)) as locked", values: [schema] };

  test("a session keeps a lock until it ends", async () => {
    await database.session(async (mine) => {
      expect(await mine.query(tryLock)).toEqual([{ locked: true }]);
      await database.session(async (theirs) => expect(await theirs.query(tryLock)).toEqual([{ locked: false }]));
    });
    await database.session(async (theirs) => {
      await expect.poll(() => theirs.query(tryLock)).toEqual([{ locked: true }]);
    });
  });

  test("the signal of a session aborts when its connection is lost or the database is closed", async () => {
    const lost = database.session(async (tx, signal) => {
      await one("select pg_terminate_backend($1)", [await backend(tx)]);
      await aborted(signal);
      await tx.query({ text: "select 1" });
    });
    await expect(lost).rejects.toSatisfy(isTransient);
    const other = connect({ url, schema, applicationName: schema });
    const opened = Promise.withResolvers<void>();
    const closed = other.session(async (_tx, signal) => {
      opened.resolve();
      await aborted(signal);
    });
    await opened.promise;
    await other.close();
    await closed;
  });
});

async function aborted(signal: AbortSignal): Promise<void> {
  const reason = Promise.withResolvers<void>();
  if (signal.aborted) reason.resolve();
  signal.addEventListener("abort", () => reason.resolve());
  await Promise.race([reason.promise, delay(5_000).then(() => Promise.reject(new Error("the signal did not abort")))]);
}
