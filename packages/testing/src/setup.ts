import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "@crossline/postgres";
import type { TestProject } from "vitest/node";
import { sweepPrivateFolders } from "./leftovers.ts";
import { type RunKafka, type RunPostgres, runKafka, runPostgres } from "./run-servers.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The URL of the run's PostgreSQL, and the prefix of this run's databases. */
    readonly postgres: { readonly url: string; readonly run: string };
    /** The address at which test files request servers that start on demand. */
    readonly onDemand: { readonly url: string };
  }
}

type Run = {
  readonly postgres: RunPostgres;
  readonly name: string;
  readonly onDemand: Server;
  readonly stop: () => Promise<void>;
};

// All projects of vitest load this file separately in one process. The global object holds the state that the projects
// share.
const shared = globalThis as { crosslineTestRun?: { users: number; readonly started: Promise<Run> } | undefined };

/** Provides the run's PostgreSQL to the tests of one project, and an address at which they request Kafka. */
// oxlint-disable-next-line import/no-default-export -- vitest calls the default export
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = (shared.crosslineTestRun ??= { users: 0, started: start() });
  run.users++;
  const { postgres, name, onDemand, stop } = await run.started;
  project.provide("postgres", { url: postgres.url, run: name });
  project.provide("onDemand", { url: `http://127.0.0.1:${(onDemand.address() as AddressInfo).port}` });
  return async () => {
    if (--run.users > 0) return;
    shared.crosslineTestRun = undefined;
    await stop();
  };
}

async function start(): Promise<Run> {
  sweepPrivateFolders();
  const postgres = await runPostgres();
  const name = `crossline_test_${minutes()}_${randomBytes(4).toString("hex")}`;
  await dropStaleDatabases(postgres.url);
  let kafka: Promise<RunKafka> | undefined;
  const onDemand = createServer((_request, response) => {
    kafka ??= runKafka().then(announce);
    kafka.then(
      (running) => response.end(JSON.stringify(running)),
      (error: unknown) => response.end(JSON.stringify({ fault: String(error) })),
    );
  });
  await new Promise<void>((resolve) => onDemand.listen(0, "127.0.0.1", resolve));
  const stop = async () => {
    onDemand.close();
    onDemand.closeAllConnections();
    const broker = await kafka?.catch(() => undefined);
    if (broker && "brokers" in broker) await broker.stop();
    await dropDatabases(postgres.url, name);
    await postgres.stop();
  };
  return { postgres, name, onDemand, stop };
}

function announce(kafka: RunKafka): RunKafka {
  if ("reason" in kafka) console.warn(`Tests that need Kafka are skipped. ${kafka.reason}`);
  return kafka;
}

async function dropDatabases(url: string, prefix: string): Promise<void> {
  await withDatabases(url, async (names, drop) => {
    for (const name of names) if (name.startsWith(prefix)) await drop(name);
  });
}

/**
 * Drops the databases of killed runs on a server that several runs use. A database of a killed run is older than three
 * hours, because no run takes three hours.
 */
async function dropStaleDatabases(url: string): Promise<void> {
  await withDatabases(url, async (names, drop) => {
    for (const name of names) {
      const createdAt = /^crossline_test_(\d+)_/.exec(name)?.[1];
      if (createdAt !== undefined && Number(createdAt) < minutes() - 180) await drop(name);
    }
  });
}

async function withDatabases(
  url: string,
  work: (names: readonly string[], drop: (name: string) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const admin = connect({ url, schema: "public", applicationName: "crossline-testing", poolMax: 1 });
  try {
    const rows = await admin.query<{ name: string }>({ text: "select datname as name from pg_database" });
    const names = rows.map(({ name }) => name);
    await work(names, (name) => admin.query({ text: `drop database if exists ${name} with (force)` }));
  } finally {
    await admin.close();
  }
}

function minutes(): number {
  return Math.floor(Date.now() / 60_000);
}
