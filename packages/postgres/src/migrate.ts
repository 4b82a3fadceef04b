import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { runner } from "node-pg-migrate";
import pg from "pg";
import { ForeignDataError } from "./foreign-data.ts";
import { checkedName, clientConfig } from "./settings.ts";

export type MigrateOptions = {
  readonly url: string;
  readonly schema: string;
  /** Folders `<owner>/migrations` of plain SQL files, in the order in which they are applied. One that does not exist is skipped. */
  readonly directories: readonly string[];
};

/**
 * Applies every migration file once, folder by folder, in the order of names, each folder in one transaction. What was
 * applied stands in the schema's table `migration_<owner>`. Any number of processes may start at once: one works, the
 * others wait for it. The schema is created where it does not exist; nothing else outside it is touched, and names in the
 * files are unqualified. Throws when a file fails (and nothing of its folder remains) or was inserted before an applied one, and a
 * ForeignDataError, before anything is applied, where the schema was made by files that are gone.
 */
export async function migrate({ url, schema, directories }: MigrateOptions): Promise<void> {
  const folders = directories.map((path) => ({ path: resolve(path), table: bookkeeping(path) }));
  assert.equal(new Set(folders.map(({ table }) => table)).size, folders.length, "two folders of one owner");
  const settings = { statement_timeout: "0", lock_timeout: "60000" };
  const config = clientConfig({ url, schema, applicationName: `crossline-migrate-${schema}`, settings });
  // Without pg's parsers of ours and pipelining: the client is node-pg-migrate's to use.
  const client = new pg.Client({ ...config, pipeline: false, query_timeout: 0 });
  client.on("error", () => {}); // the statement at work reports it
  await client.connect();
  try {
    await lock(client, schema);
    await ensureSchema(client, schema);
    const present = folders.filter(({ path }) => existsSync(path));
    for (const { path, table } of present) await refuseEarlier(client, schema, path, table);
    for (const { path, table } of present) await apply(client, schema, path, table);
  } finally {
    await client.end(); // and with it the lock
  }
}

/** A schema that a later version has widened is fine: its first file is among ours. */
async function refuseEarlier(client: pg.Client, schema: string, path: string, table: string): Promise<void> {
  const found = await client.query({
    text: `
      -- postgres.find-bookkeeping
      select 1 from information_schema.tables where table_schema = $1 and table_name = $2`,
    values: [schema, table],
  });
  if (found.rowCount === 0) return;
  const { rows } = await client.query<{ name: string }>(`
    -- postgres.read-first-migration
    select name from ${checkedName(schema)}.${table} order by id limit 1`);
  const [first] = rows;
  if (first === undefined || readdirSync(path).includes(`${first.name}.sql`)) return;
  throw new ForeignDataError(`The schema ${schema} was made by an earlier version, which this version does not read`);
}

async function apply(client: pg.Client, schema: string, path: string, table: string): Promise<void> {
  const complaints: string[] = [];
  const complain = (line: string) => void complaints.push(line);
  try {
    await runner({
      dbClient: client,
      dir: path,
      ignorePattern: String.raw`(?!.*\.sql$).*`,
      direction: "up",
      schema,
      migrationsTable: table,
      singleTransaction: true,
      noLock: true, // held by us over all folders
      logger: { info: () => {}, debug: () => {}, warn: complain, error: complain },
    });
  } catch (error) {
    throw new Error([`a migration of ${path} failed`, ...complaints].join("\n"), { cause: error });
  }
}

function bookkeeping(path: string): string {
  return checkedName(`migration_${basename(dirname(resolve(path))).replaceAll("-", "_")}`);
}

/** Asked again and again: a waiting `pg_advisory_lock` is an open snapshot, for which `create index concurrently` would wait. */
async function lock(client: pg.Client, schema: string): Promise<void> {
  const text = `
    -- postgres.lock-migrations
    select pg_try_advisory_lock(hashtext('crossline.migrate'), hashtext($1)) as locked`;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>({ text, values: [schema] });
    if (rows[0]?.locked === true) return;
    await delay(25);
  }
}

async function ensureSchema(client: pg.Client, schema: string): Promise<void> {
  const text = `
    -- postgres.find-schema
    select 1 from pg_namespace where nspname = $1`;
  const { rowCount } = await client.query({ text, values: [schema] });
  // Only then: `if not exists` wants the right to create schemas even where there is nothing to create.
  if (rowCount === 0) await client.query(`create schema if not exists ${checkedName(schema)}`);
}
