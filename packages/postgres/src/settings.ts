import assert from "node:assert/strict";
import type pg from "pg";
import { columnTypes } from "./values.ts";

const statementTimeoutMs = 30_000;

/** The statement that makes a connection keep its plans. `replanStatement` resets it. */
export const keepPlansStatement = planning({
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
});
export const replanStatement = planning({
  plan_cache_mode: "force_custom_plan",
  enable_seqscan: "on",
  enable_hashjoin: "on",
  enable_mergejoin: "on",
});

/** The settings of a connection. */
export type ConnectionSettings = {
  readonly url: string;
  readonly schema: string;
  readonly applicationName: string;
  /** Server settings for every connection. A setting here replaces the default of `serverSettings`. */
  readonly settings?: Readonly<Record<string, string>>;
};

/**
 * Returns pg's configuration of one connection. The first packet contains the server settings, so they cost no round
 * trip.
 */
export function clientConfig({ url, schema, applicationName, settings = {} }: ConnectionSettings): pg.ClientConfig {
  const address = new URL(url);
  const extraOptions = address.searchParams.get("options");
  address.searchParams.delete("options"); // pg would use these options and ignore the options below
  return {
    connectionString: address.href,
    application_name: applicationName,
    options: [...serverSettings(schema, settings), ...(extraOptions === null ? [] : [extraOptions])].join(" "),
    types: columnTypes,
    pipeline: true,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    // A server that responds cancels slow statements itself. If the server no longer responds, the client gives up a
    // statement after this limit.
    query_timeout: Number(settings["statement_timeout"] ?? statementTimeoutMs) + 5_000,
  };
}

/** Returns the schema's name if it is safe in SQL. An unsafe name is a bug. */
export function checkName(name: string): string {
  assert.match(name, /^[a-z_][a-z0-9_]{0,62}$/, `not a valid name of a schema: ${name}`);
  return name;
}

function serverSettings(schema: string, settings: Readonly<Record<string, string>>): string[] {
  const all = {
    search_path: checkName(schema),
    TimeZone: "UTC",
    DateStyle: "ISO",
    statement_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: "60000",
    // A named statement that was planned on an empty table can keep its sequential scan for ever (measured: 14 s
    // instead of 1 s).
    plan_cache_mode: "force_custom_plan",
    ...settings,
  };
  return Object.entries(all).map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/g, "\\$&")}`);
}

function planning(settings: Readonly<Record<string, string>>): string {
  const all = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', false)`);
  return `-- postgres.set-plans\nselect ${all.join(", ")}`;
}
