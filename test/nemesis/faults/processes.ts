import { setTimeout as delay } from "node:timers/promises";
import type { Service } from "../services.ts";
import type { FaultContext } from "./fault-context.ts";

const fiveMinutesMs = 300_000;

/** SIGKILL. Its supervisor starts it again. */
export async function kill({ platform }: FaultContext, service: Service, number: number, inMs: number): Promise<void> {
  await delay(inMs);
  platform.replica(service, number).signal("SIGKILL");
}

/** SIGSTOP, and SIGCONT later: it believes that no time has passed. */
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

/** A third replica comes, works for a while, and leaves in good order. */
export async function addReplica({ platform }: FaultContext, service: Service, forMs: number): Promise<void> {
  const third = platform.replica(service, 2);
  third.start();
  await platform.untilReady(third);
  await delay(forMs);
  await third.stop();
}

/** A replica is started anew with a clock that is five minutes fast, or slow, and later with a right one. */
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
