import {
  type EventData,
  type EventContent,
  type HandoffEvent,
  type Instant,
  timelineKind,
  topics,
} from "@crossline/contracts";
import { causesOf, eventOf } from "../envelope.ts";
import { updateReading } from "../reading/case-reading.ts";
import type { CaseCrossing, CrossingDecision } from "./case-crossing.ts";
import type { Handoff } from "./handoff.ts";
import { addWords } from "./material.ts";

/** Appends an event of the hand-off topic to a decision, with its sequence and its causes. */
export function appendHandoffEvent(
  { state, messages }: CrossingDecision,
  at: Instant,
  { type, data }: EventContent<HandoffEvent["type"]>,
): CrossingDecision {
  const { caseId: key, timeline, read } = state;
  const sequence = state.sequence + 1;
  const after = causesOf(key, read);
  const message = eventOf(type, data, { topic: topics.handoff, key, sequence, time: at, timeline, after });
  const lastEventAt = Math.max(state.lastEventAt, at);
  const material = addWords(state.material, message, at);
  return {
    state: { ...updateReading(state, message), sequence, lastEventAt, material },
    messages: [...messages, message],
  };
}

/** Returns the fields of every event about a hand-off, with routing as the actor. */
export function aboutHandoff(
  { carrier }: CaseCrossing,
  { id: handoffId, vendor, queue }: Handoff,
): Pick<EventData<"handoff.lapsed">, "handoffId" | "vendor" | "queue" | "actor"> {
  return { handoffId, vendor, queue, actor: automation(carrier) };
}

/** Returns routing as the actor of an event that no person caused. */
export function automation(party: string): { party: string; automated: true } {
  return { party, automated: true };
}

/**
 * Returns the instant of a decision that an event causes. On the wall timeline, the result is the latest of three instants:
 * `now`, the event's time, and the time of the case's last event. On a stepped timeline or import, the result is the event's
 * time.
 */
export function causedAt(
  event: { readonly timeline: string; readonly time: Instant },
  last: Instant,
  now: Instant,
): Instant {
  return timelineKind(event.timeline) === "wall" ? Math.max(now, event.time, last) : event.time;
}
