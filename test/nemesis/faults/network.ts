import { setTimeout as delay } from "node:timers/promises";
import type { NetworkFault } from "../plan.ts";
import type { Mode } from "../proxy.ts";
import type { Service } from "../services.ts";
import type { FaultContext } from "./fault-context.ts";

const modes: Readonly<Record<NetworkFault, Mode>> = {
  delay: { kind: "delay", ms: 120 },
  "drop-reply": { kind: "drop-reply", everyMs: 1_000 },
  "half-open-client": { kind: "half-open", keeps: "client" },
  "half-open-server": { kind: "half-open", keeps: "server" },
  "black-hole": { kind: "black-hole" },
};

type WireSelection = {
  readonly how: NetworkFault;
  readonly of: "postgres" | "kafka";
  readonly service: Service;
  readonly replica: number | "all";
};

/**
 * Disturbs the connections between a service's replicas and Postgres or Kafka. Returns the number of lost responses.
 */
export async function disturb(
  { platform }: FaultContext,
  { how, of, service, replica }: WireSelection,
  forMs: number,
): Promise<number> {
  const numbers = replica === "all" ? [0, 1, 2] : [replica];
  const wires = numbers.map((number) => platform.wires(service, number)[of]);
  const lost = (): number => wires.reduce((sum, wire) => sum + wire.dropped(), 0);
  const before = lost();
  for (const wire of wires) wire.set(modes[how]);
  await delay(forMs);
  for (const wire of wires) wire.set({ kind: "pass" });
  return lost() - before;
}
