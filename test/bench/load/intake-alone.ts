import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { openSync } from "node:fs";
import { resolve } from "node:path";
import { createClient } from "@crossline/local";
import { createRoles, startKafka, startPostgres } from "@crossline/parts";
import { connect } from "@crossline/postgres";

export type IntakeAlone = {
  /** Of intake, with the key of a carrier. */
  readonly url: string;
  readonly key: string;
  readonly pid: number;
  /** Of the peer. */
  readonly bareUrl: string;
  readonly barePid: number;
  readonly databaseUrl: string;
  stop(): Promise<void>;
};

const root = resolve(import.meta.dirname, "../../..");

/**
 * Intake's own process (`services/intake/src/main.ts`) as in life, on a database of its own and with a real Kafka, so that its relay
 * and its consumer work; and the peer's, on the same server. Timer, routing and notification do not run: what they cost is not intake's.
 */
export async function startIntakeAlone({
  port,
  answerBytes,
  flags = [],
}: {
  readonly port: number;
  readonly answerBytes: number;
  readonly flags?: readonly string[];
}): Promise<IntakeAlone> {
  const [postgres, kafka] = await Promise.all([startPostgres({ name: "bench" }), startKafka({ name: "bench" })]);
  const name = `bench_${randomUUID().replaceAll("-", "")}`;
  const admin = connect({ url: postgres.url, schema: "public", applicationName: "bench", poolMax: 1 });
  await admin.query({ text: `create database ${name}` });
  const databaseUrl = Object.assign(new URL(postgres.url), { pathname: `/${name}` }).href;
  const urls = await createRoles(databaseUrl, ["intake"]);
  const operatorKey = `operator-${randomUUID()}`;
  const intake = start("services/intake/src/main.ts", ["--max-semi-space-size=32", ...flags], {
    DATABASE_URL: urls.intake,
    KAFKA_BROKERS: kafka.brokers.join(","),
    PORT: String(port),
    OPERATOR_KEY: operatorKey,
    INTERNAL_KEY: `internal-${randomUUID()}`,
    LOG_LEVEL: "info",
  });
  const bare = start("test/bench/load/bare-intake.ts", ["--max-semi-space-size=32"], {
    DATABASE_URL: databaseUrl,
    PORT: String(port + 1),
    ANSWER_BYTES: String(answerBytes),
  });
  await once(bare, "message");
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url);
  const operator = createClient(url, operatorKey);
  await operator.post("/v1/parties", { party: "northtel", kind: "carrier", name: "northtel" });
  const { key } = await operator.post<{ key: string }>("/v1/parties/northtel/keys");
  return {
    url,
    key,
    pid: intake.pid ?? 0,
    bareUrl: `http://127.0.0.1:${port + 1}`,
    barePid: bare.pid ?? 0,
    databaseUrl,
    async stop() {
      await Promise.all([end(intake), end(bare)]);
      await admin.query({ text: `drop database ${name} with (force)` });
      await admin.close();
      await Promise.all([postgres.stop(), kafka.stop()]);
    },
  };
}

function start(file: string, flags: readonly string[], env: Record<string, string>): ChildProcess {
  const log = openSync("/dev/null", "w");
  return fork(resolve(root, file), [], {
    execArgv: [...flags],
    env: { ...process.env, ...env },
    stdio: ["ignore", log, "inherit", "ipc"],
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
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("intake was not ready within a minute");
}
