import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connect, type Database, ForeignDataError, migrate } from "@crossline/postgres";
import { afterEach, beforeEach, expect, inject, test } from "vitest";

const url = inject("postgres").url;
let folder: string;
let schema: string;
let database: Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossline-migrate-"));
  schema = `t_${crypto.randomUUID().replaceAll("-", "")}`;
  database = connect({ url, schema, applicationName: schema });
});

afterEach(async () => {
  await database.query({ text: `drop schema if exists ${schema} cascade` });
  await database.close();
  rmSync(folder, { recursive: true });
});

function write(files: Record<string, string>): void {
  for (const [name, sql] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), sql);
  }
}

const run = () =>
  migrate({
    url,
    schema,
    directories: ["messaging", "absent", "timer"].map((owner) => join(folder, owner, "migrations")),
  });
const tables = async () =>
  (
    await database.query<{ name: string }>({
      text: "select table_name as name from information_schema.tables where table_schema = $1 order by 1",
      values: [schema],
    })
  ).map(({ name }) => name);

test("`migrate` applies each file once, in the order of folders and names, even if four processes start at once", async () => {
  write({
    "messaging/migrations/0001_create_outbox.sql": "-- Why: messages wait here.\ncreate table outbox (id bigint);",
    "timer/migrations/0001_create_clock.sql": "create table clock (id bigint); insert into outbox values (1);",
    "timer/migrations/0002_fill_clock.sql": "insert into clock select id + 1 from outbox;",
    "timer/migrations/README.md": "not a migration",
  });
  await Promise.all([run(), run(), run(), run()]);
  expect(await tables()).toEqual(["clock", "migration_messaging", "migration_timer", "outbox"]);
  expect(await database.query({ text: "select id from clock" })).toEqual([{ id: 2 }]);
  write({ "messaging/migrations/0002_widen_outbox.sql": "alter table outbox add body text;" });
  await run();
  expect(await database.query({ text: "select id, body from outbox" })).toEqual([{ id: 1, body: null }]);
});

test("`migrate` rolls back a folder with a failing file, and its error names the fault", async () => {
  write({
    "timer/migrations/0001_create_clock.sql": "create table clock (id bigint);",
    "timer/migrations/0002_break.sql": "create table broken (id nonsense);",
  });
  await expect(run()).rejects.toThrow(/timer[^]*type "nonsense" does not exist/);
  expect(await tables()).toEqual(["migration_timer"]);
  write({ "timer/migrations/0002_break.sql": "create table whole (id bigint);" });
  await run();
  expect(await tables()).toEqual(["clock", "migration_timer", "whole"]);
});

test("`migrate` refuses a schema of an earlier version before any change, and accepts a schema of a later version", async () => {
  write({
    "messaging/migrations/0001_outbox.sql": "create table outbox (id bigint);",
    "timer/migrations/0001_create_clock.sql": "create table clock (id bigint);",
  });
  await run();
  rmSync(join(folder, "timer"), { recursive: true });
  write({
    "messaging/migrations/0002_inbox.sql": "create table inbox (id bigint);",
    "timer/migrations/0001_clock.sql": "create table clock (id bigint);",
  });
  const refusal = run();
  await expect(refusal).rejects.toBeInstanceOf(ForeignDataError);
  await expect(refusal).rejects.toThrow(/^The schema t_\w+ was made by an earlier version.*crossline set-aside`\.$/);
  expect(await tables()).toEqual(["clock", "migration_messaging", "migration_timer", "outbox"]);
  rmSync(join(folder, "timer"), { recursive: true });
  write({ "timer/migrations/0001_create_clock.sql": "", "timer/migrations/0002_later.sql": "create table later ();" });
  await run();
  rmSync(join(folder, "timer/migrations/0002_later.sql"));
  await run();
  expect(await tables()).toContain("later");
});

test("`migrate` refuses a file that was inserted before an applied file", async () => {
  write({ "timer/migrations/0002_second.sql": "create table second (id bigint);" });
  await run();
  write({ "timer/migrations/0001_first.sql": "create table first (id bigint);" });
  await expect(run()).rejects.toThrow("failed");
});
