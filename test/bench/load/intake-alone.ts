import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createClient, nodeFlags } from "@crossline/cli";
import { createRoles } from "@crossline/servers";
import { connect } from "@crossline/postgres";
import type { BenchServers } from "../servers.ts";

/** One of the two compared programs. */
export type Contestant = { readonly url: string; readonly key: string; readonly pid: number };

export type IntakeAlone = {
  readonly intake: Contestant;
  readonly bare: Contestant;
  /** The first process of the PostgreSQL server, which both contestants use. */
  readonly postgresPid: number;
  readonly databaseUrl: string;
  stop(): Promise<void>;
};

const root = resolve(import.meta.dirname, "../../..");

/**
 * Starts intake's own process (`services/intake/src/main.ts`) on a separate database with a real Kafka, so that its
 * relay and consumer work. Starts the reference on the same server. Timer, routing and notification do not run.
 */
export async function startIntakeAlone(
  servers: BenchServers,
  { port = 14_310, flags = [] as readonly string[] } = {},
): Promise<IntakeAlone> {
  const [server, brokers] = await Promise.all([servers.postgres(), servers.kafka()]);
  const name = `bench_${randomUUID().replaceAll("-", "")}`;
  const admin = connect({ url: server, schema: "public", applicationName: "bench", poolMax: 1 });
  await admin.query({ text: `create database ${name}` });
  const databaseUrl = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const urls = await createRoles(databaseUrl, ["intake"]);
  const operatorKey = `operator-${randomUUID()}`;
  const intake = start("services/intake/src/main.ts", flags, {
    DATABASE_URL: urls.intake,
    KAFKA_BROKERS: brokers.join(","),
    PORT: String(port),
    OPERATOR_KEY: operatorKey,
    INTERNAL_KEY: `internal-${randomUUID()}`,
    LOG_LEVEL: "info",
  });
  const bare = start("test/bench/load/bare-intake.ts", [], { DATABASE_URL: databaseUrl, PORT: String(port + 1) });
  await once(bare, "message");
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url);
  const operator = createClient(url, operatorKey);
  await operator.post("/v1/parties", { party: "northtel", kind: "carrier", name: "northtel" });
  const { key } = await operator.post<{ key: string }>("/v1/parties/northtel/keys");
  const [row] = await admin.query<{ pid: number }>({ text: "select pg_backend_pid() as pid" });
  return {
    intake: { url, key, pid: intake.pid ?? 0 },
    bare: { url: `http://127.0.0.1:${port + 1}`, key, pid: bare.pid ?? 0 },
    postgresPid: parentOf(row?.pid ?? 0),
    databaseUrl,
    async stop() {
      await Promise.all([end(intake), end(bare)]);
      await admin.query({ text: `drop database ${name} with (force)` });
      await admin.close();
    },
  };
}

function start(file: string, flags: readonly string[], env: Record<string, string>): ChildProcess {
  return fork(resolve(root, file), [], {
    execArgv: [...nodeFlags, ...flags],
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

async function untilReady(url: string): Promise<void> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline;) {
    const response = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (response?.ok === true) return;
    await delay(50);
  }
  throw new Error("intake was not ready within a minute");
}

function parentOf(pid: number): number {
  return Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
