import { setTimeout as delay } from "node:timers/promises";
import type { FaultContext } from "./fault-context.ts";

/** Kills Kafka with SIGKILL, and restarts it on its data. */
export async function killBroker({ platform: { broker } }: FaultContext, forMs: number): Promise<void> {
  broker.signal("SIGKILL");
  await delay(forMs);
  await broker.restart();
}

/** Freezes Kafka while its connections stay open. */
export async function pauseBroker({ platform: { broker } }: FaultContext, forMs: number): Promise<void> {
  broker.signal("SIGSTOP");
  await delay(forMs);
  broker.signal("SIGCONT");
}
