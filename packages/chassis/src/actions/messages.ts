import { type EventData, type EventOf, type Instant, formatInstant, topics, wall } from "@crossline/contracts";
import type { Action } from "./action-of.ts";

/** A read of a company. */
export type ReadAction = EventData<"action.read">["reads"][number];

/** Returns the record of a command. */
export function toTaken(key: string, service: string, at: Instant, action: Action): EventOf<"action.taken"> {
  const data = { service, at: formatInstant(at), ...action };
  return { ...envelope(key, at), type: "action.taken", data };
}

/** Returns the record of some reads. */
export function toReads(
  key: string,
  service: string,
  at: Instant,
  reads: readonly ReadAction[],
): EventOf<"action.read"> {
  return { ...envelope(key, at), type: "action.read", data: { service, reads: [...reads] } };
}

/**
 * Every record is on the wall timeline, also the record of a command on another timeline. The records of a stepped timeline decide
 * when it is caught up, and the action log is no part of it.
 */
function envelope(key: string, time: Instant) {
  return { topic: topics.action, key, sequence: 1, time, timeline: wall };
}
