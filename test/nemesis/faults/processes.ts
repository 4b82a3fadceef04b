import { setTimeout as delay } from "node:timers/promises";
import type { Service } from "../services.ts";
import type { FaultContext } from "./fault-context.ts";

const fiveMinutesMs = 300_000;

/** Kills a replica with SIGKILL. The replica's supervisor restarts the process. */
export async function kill({ platform }: FaultContext, service: Service, number: number, inMs: number): Promise<void> {
  await delay(inMs);
  platform.replica(service, number).signal("SIGKILL");
}

/** Freezes a replica with SIGSTOP and continues it later. To the process, no time has passed. */
export async function freeze(
  { platform }: FaultContext,
  service: Service,
  number: number,
  forMs: number,
): Promise<void> {
  const replica = platform.replica(service, number);
  replica.signal("SIGSTOP");
  await delay(forMs);
  replica.signal("SIGCONT");
}

/** Starts a third replica, lets it work for a time, and stops it in order. */
export async function addReplica({ platform }: FaultContext, service: Service, forMs: number): Promise<void> {
  const third = platform.replica(service, 2);
  third.start();
  await platform.untilReady(third);
  await delay(forMs);
  await third.stop();
}

/** Restarts a replica with a clock that is five minutes fast or slow, and later with the right one. */
export async function setClockOff(
  { platform }: FaultContext,
  service: Service,
  number: number,
  forMs: number,
): Promise<void> {
  const replica = platform.replica(service, number);
  await replica.stop();
  replica.start(number === 0 ? fiveMinutesMs : -fiveMinutesMs);
  await platform.untilReady(replica);
  await delay(forMs);
  await replica.stop();
  replica.start();
  await platform.untilReady(replica);
}
