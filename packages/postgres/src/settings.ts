import assert from "node:assert/strict";
import type pg from "pg";
import { columnTypes } from "./values.ts";

const statementTimeoutMs = 30_000;

/** What a connection that keeps its plans is told, and what it is told when it no longer does. */
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

export type ConnectionSettings = {
  readonly url: string;
  readonly schema: string;
  readonly applicationName: string;
  /** Server settings for every connection, besides and before the ones set here. */
  readonly settings?: Readonly<Record<string, string>>;
};

/** What pg needs for one connection. Server settings go along with the connection's first packet: no round trip of their own. */
export function clientConfig({ url, schema, applicationName, settings = {} }: ConnectionSettings): pg.ClientConfig {
  const address = new URL(url);
  const given = address.searchParams.get("options");
  address.searchParams.delete("options"); // pg would let it replace ours
  return {
    connectionString: address.href,
    application_name: applicationName,
    options: [...serverSettings(schema, settings), ...(given === null ? [] : [given])].join(" "),
    types: columnTypes,
    pipeline: true,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    // The server ends a statement itself; this is for a server that has stopped answering.
    query_timeout: Number(settings["statement_timeout"] ?? statementTimeoutMs) + 5_000,
  };
}

/** A schema's name as it may stand in SQL; anything else is a bug. */
export function checkedName(name: string): string {
  assert.match(name, /^[a-z_][a-z0-9_]{0,62}$/, `no name for a schema: ${name}`);
  return name;
}

function serverSettings(schema: string, settings: Readonly<Record<string, string>>): string[] {
  const all = {
    search_path: checkedName(schema),
    TimeZone: "UTC",
    DateStyle: "ISO",
    statement_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: "60000",
    // A named statement that was planned on an empty table may keep its sequential scan for ever (measured: 14 s for 1 s).
    plan_cache_mode: "force_custom_plan",
    ...settings,
  };
  return Object.entries(all).map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/g, "\\$&")}`);
}

function planning(settings: Readonly<Record<string, string>>): string {
  const all = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', false)`);
  return `-- postgres.set-plans\nselect ${all.join(", ")}`;
}
