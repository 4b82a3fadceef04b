import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { runner } from "node-pg-migrate";
import pg from "pg";
import { ForeignDataError } from "./foreign-data.ts";
import { checkName, clientConfig } from "./settings.ts";

/** The options of `migrate`. */
export type MigrateOptions = {
  readonly url: string;
  readonly schema: string;
  /**
   * Folders `<owner>/migrations` of SQL files, in the order in which `migrate` applies them. `migrate` skips a folder
   * that does not exist.
   */
  readonly directories: readonly string[];
};

/**
 * Applies every migration file once, folder by folder, in the order of names, each folder in one transaction. The table
 * `migration_<owner>` of the schema lists the applied files. Any number of processes can call this function at once.
 * One process applies the files, and the other processes wait for it. The function creates the schema if it does not
 * exist, and changes nothing outside it. The files name tables without their schema.
 *
 * If a file fails, rolls back its folder and throws. Throws if a file was inserted before an applied file. If files
 * that no longer exist created the schema, throws a ForeignDataError before it applies any file.
 */
export async function migrate({ url, schema, directories }: MigrateOptions): Promise<void> {
  const folders = directories.map((path) => ({ path: resolve(path), table: bookkeeping(path) }));
  assert.equal(new Set(folders.map(({ table }) => table)).size, folders.length, "two folders have the same owner");
  const settings = { statement_timeout: "0", lock_timeout: "60000" };
  const config = clientConfig({ url, schema, applicationName: `crossline-migrate-${schema}`, settings });
  // Pipelining is off, because node-pg-migrate expects that each statement ends before the next one begins.
  const client = new pg.Client({ ...config, pipeline: false, query_timeout: 0 });
  client.on("error", () => {}); // the running statement reports the fault
  await client.connect();
  try {
    await lock(client, schema);
    await ensureSchema(client, schema);
    const present = folders.filter(({ path }) => existsSync(path));
    for (const { path, table } of present) await refuseEarlier(client, schema, path, table);
    for (const { path, table } of present) await apply(client, schema, path, table);
  } finally {
    await client.end(); // releases the lock
  }
}

/** Accepts a schema that a later version has extended, because its first file exists in this version too. */
async function refuseEarlier(client: pg.Client, schema: string, path: string, table: string): Promise<void> {
  const tables = await client.query({
    text: `
      -- postgres.find-bookkeeping
      select 1 from information_schema.tables where table_schema = $1 and table_name = $2`,
    values: [schema, table],
  });
  if (tables.rowCount === 0) return;
  const { rows } = await client.query<{ name: string }>(`
    -- postgres.read-first-migration
    select name from ${checkName(schema)}.${table} order by id limit 1`);
  const [first] = rows;
  if (first === undefined || readdirSync(path).includes(`${first.name}.sql`)) return;
  throw new ForeignDataError(`The schema ${schema} was made by an earlier version, which this version does not read`);
}

async function apply(client: pg.Client, schema: string, path: string, table: string): Promise<void> {
  const messages: string[] = [];
  const collect = (line: string) => void messages.push(line);
  try {
    await runner({
      dbClient: client,
      dir: path,
      ignorePattern: String.raw`(?!.*\.sql$).*`,
      direction: "up",
      schema,
      migrationsTable: table,
      singleTransaction: true,
      noLock: true, // `lock` already covers all folders
      logger: { info: () => {}, debug: () => {}, warn: collect, error: collect },
    });
  } catch (error) {
    throw new Error([`a migration of ${path} failed`, ...messages].join("\n"), { cause: error });
  }
}

function bookkeeping(path: string): string {
  return checkName(`migration_${basename(dirname(resolve(path))).replaceAll("-", "_")}`);
}

/**
 * Polls for the lock. A waiting `pg_advisory_lock` would keep a snapshot open, and `create index concurrently` would
 * wait for that snapshot.
 */
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
  // `if not exists` needs the right to create schemas, even if the schema exists. The statement is therefore sent only
  // if the schema is missing.
  if (rowCount === 0) await client.query(`create schema if not exists ${checkName(schema)}`);
}
