import type { z } from "zod";
import type { Message, ReceivedMessage } from "../envelope.ts";
import { confirmedTopics, topics } from "../topics.ts";
import { actionEvents } from "./action.ts";
import { auditEvents } from "./audit.ts";
import { caseEvents } from "./case.ts";
import { changeEvents } from "./change.ts";
import { clockEvents } from "./clock.ts";
import { gapEvents, gapTypes } from "./gap.ts";
import { handoffEvents, queueEvents } from "./handoff.ts";
import { lineEvents } from "./line.ts";
import { mailEvents } from "./message.ts";
import { notificationEvents } from "./notification.ts";
import { diallingEvents, pageEvents } from "./page.ts";
import { partyEvents } from "./party.ts";
import { problemEvents } from "./problem.ts";
import { rosterEvents } from "./roster.ts";

/** Every event type with the schema of its data. */
export const eventSchemas = {
  ...caseEvents,
  ...changeEvents,
  ...clockEvents,
  ...handoffEvents,
  ...queueEvents,
  ...lineEvents,
  ...partyEvents,
  ...rosterEvents,
  ...notificationEvents,
  ...pageEvents,
  ...mailEvents,
  ...diallingEvents,
  ...problemEvents,
  ...actionEvents,
  ...auditEvents,
  ...gapEvents,
} as const;

export type EventType = keyof typeof eventSchemas;
export type EventData<T extends EventType> = z.infer<(typeof eventSchemas)[T]>;
/**
 * The content of an event: its type and the data of that type. For a union of types, the result is a union too, so that a
 * switch over the type can be exhaustive.
 */
export type EventContent<T extends EventType> = { [K in T]: { readonly type: K; readonly data: EventData<K> } }[T];
/** The envelope of an event: its topic, key, sequence, time, timeline and causes. */
export type Envelope = Omit<Message, "type" | "data">;
/** An event of one of the given types: a `Message` whose data fits its type. */
export type EventOf<T extends EventType> = EventContent<T> & Envelope;
export type ReceivedEvent<T extends EventType> = T extends EventType ? ReceivedMessage<EventOf<T>> : never;

export type CaseEvent = EventOf<keyof typeof caseEvents>;
export type ChangeEvent = EventOf<keyof typeof changeEvents>;
export type ClockEvent = EventOf<keyof typeof clockEvents>;
/** The firing of a threshold. */
export type FiringEvent = EventOf<"clock.warned" | "clock.breached">;

/** Returns true if a clock event is the firing of a threshold. */
export function isFiring(event: ClockEvent): event is FiringEvent {
  return event.type === "clock.warned" || event.type === "clock.breached";
}

export type HandoffEvent = EventOf<keyof typeof handoffEvents>;
export type QueueEvent = EventOf<keyof typeof queueEvents>;
export type PartyEvent = EventOf<keyof typeof partyEvents>;
export type MailEvent = EventOf<keyof typeof mailEvents>;
export type PageEvent = EventOf<keyof typeof pageEvents>;
export type ProblemEvent = EventOf<keyof typeof problemEvents>;
export type AuditEvent = EventOf<keyof typeof auditEvents>;

/** The events of each topic. Queue records have their own topics: `queueTopic(vendor, kind)`. */
export const eventsByTopic = {
  [topics.case]: caseEvents,
  [topics.change]: changeEvents,
  [topics.party]: partyEvents,
  [topics.clock]: clockEvents,
  [topics.handoff]: handoffEvents,
  [topics.line]: lineEvents,
  [topics.roster]: rosterEvents,
  [topics.notification]: notificationEvents,
  [topics.page]: pageEvents,
  [topics.mail]: mailEvents,
  [topics.dialling]: diallingEvents,
  [topics.action]: actionEvents,
  [topics.problem]: problemEvents,
  [topics.audit]: auditEvents,
  [topics.gap]: gapEvents,
} as const;

const queuePattern = /^crossline\.queue\.[^.]+(?:\.stepped)?\.v1$/;
const confirmations: ReadonlySet<string> = new Set([gapTypes.head, gapTypes.closed]);
const confirmed: ReadonlySet<string> = new Set(confirmedTopics);

/**
 * Returns false if the catalogue has this event type, and the owner of this topic publishes the type on another topic or not at all.
 * Returns true for a type or a topic that the catalogue does not have. A later version can publish such a type, and only tests have
 * such topics.
 */
export function mayBeOn(topic: string, type: string): boolean {
  if (!Object.hasOwn(eventSchemas, type)) return true;
  if (queuePattern.test(topic)) return Object.hasOwn(queueEvents, type);
  if (!Object.hasOwn(eventsByTopic, topic)) return true;
  if (confirmations.has(type)) return confirmed.has(topic);
  return Object.hasOwn(eventsByTopic[topic as keyof typeof eventsByTopic], type);
}

/**
 * Parses `data` with the schema of the event type. Throws a ZodError that names each wrong field, or an Error for an unknown
 * type.
 */
export function parseEvent(type: string, data: unknown): unknown {
  const schema = Object.hasOwn(eventSchemas, type) ? eventSchemas[type as EventType] : undefined;
  if (schema === undefined) throw new Error(`unknown event type ${type}`);
  return schema.parse(data);
}
