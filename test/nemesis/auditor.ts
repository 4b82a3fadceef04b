import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ServiceName, createRoles } from "@crossline/servers";
import { waitFor } from "@crossline/testing";
import type { Platform } from "./platform.ts";
import { createReplica } from "./replica.ts";
import type { Service } from "./services.ts";

/** The topic on which the system's own auditor publishes its findings. */
const auditTopic = "crossline.audit.v1";

const name = "auditor";
/**
 * The grace is longer than the delay of a firing by any fault. The grace is short enough for the auditor to publish a
 * finding before the run ends.
 */
const graceMs = 20_000;

export type Auditor = { readonly topics: readonly string[]; readonly stop: () => Promise<void> };

type Options = {
  readonly platform: Platform;
  readonly folder: string;
  readonly checkout?: string | undefined;
  readonly partitions: number;
};

/** Starts the auditor beside the platform, without faults on its connections, if the checkout has an auditor. */
export async function startAuditor({ platform, folder, checkout, partitions }: Options): Promise<Auditor> {
  const root = checkout ?? resolve(import.meta.dirname, "../..");
  if (!existsSync(join(root, "services", name, "src/main.ts"))) return { topics: [], stop: () => Promise.resolve() };
  const { database, brokers, ports, internalKey } = platform;
  const address = (of: Service): string => `http://127.0.0.1:${ports.balancer(of)}`;
  const service = name as ServiceName & "intake";
  const port = ports.receiver(7);
  const env = {
    DATABASE_URL: (await createRoles(database.url, [service]))[service],
    BROKER: "kafka",
    KAFKA_BROKERS: brokers.join(","),
    HOST: "127.0.0.1",
    PORT: String(port),
    INTERNAL_KEY: internalKey,
    INTAKE_URL: address("intake"),
    TIMER_URL: address("timer"),
    ROUTING_URL: address("routing"),
    PARTITIONS: String(partitions),
    AUDIT_GRACE_MS: String(graceMs),
    AUDIT_LATE_MS: String(graceMs),
  };
  const replica = createReplica({ service, number: 0, port, env, logFolder: folder, checkout });
  replica.start();
  await waitFor(replica.isReady, { timeoutMs: 30_000, pollMs: 100, what: "the auditor" });
  return { topics: [auditTopic], stop: replica.stop };
}
