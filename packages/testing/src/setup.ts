import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "@crossline/postgres";
import type { TestProject } from "vitest/node";
import { sweepPrivateFolders } from "./leftovers.ts";
import { type RunKafka, type RunPostgres, runKafka, runPostgres } from "./run-servers.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The server's address, and the prefix of this run's databases. */
    readonly postgres: { readonly url: string; readonly run: string };
    /** Where test files ask for what is only started on demand. */
    readonly parts: { readonly url: string };
  }
}

type Run = {
  readonly postgres: RunPostgres;
  readonly name: string;
  readonly door: Server;
  readonly stop: () => Promise<void>;
};

// Each project of vitest loads this file by itself, in one process: what they share hangs on the global object.
const shared = globalThis as { crosslineTestRun?: { users: number; readonly started: Promise<Run> } | undefined };

/** Provides the run's Postgres to the tests of one project, and a door at which they ask for Kafka. */
// oxlint-disable-next-line import/no-default-export -- vitest calls the default export
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const mine = (shared.crosslineTestRun ??= { users: 0, started: start() });
  mine.users++;
  const { postgres, name, door, stop } = await mine.started;
  project.provide("postgres", { url: postgres.url, run: name });
  project.provide("parts", { url: `http://127.0.0.1:${(door.address() as AddressInfo).port}` });
  return async () => {
    if (--mine.users > 0) return;
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
  const door = createServer((_request, response) => {
    kafka ??= runKafka().then(announce);
    kafka.then(
      (answer) => response.end(JSON.stringify(answer)),
      (error: unknown) => response.end(JSON.stringify({ fault: String(error) })),
    );
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const stop = async () => {
    door.close();
    door.closeAllConnections();
    const broker = await kafka?.catch(() => undefined);
    if (broker && "brokers" in broker) await broker.stop();
    await dropDatabases(postgres.url, name);
    await postgres.stop();
  };
  return { postgres, name, door, stop };
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

/** What runs that were killed left on a server that outlives them: older than three hours, no run takes as long. */
async function dropStaleDatabases(url: string): Promise<void> {
  await withDatabases(url, async (names, drop) => {
    for (const name of names) {
      const born = /^crossline_test_(\d+)_/.exec(name)?.[1];
      if (born !== undefined && Number(born) < minutes() - 180) await drop(name);
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
