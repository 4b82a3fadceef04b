import {
  type ApplicationOrder,
  type ClockEvent,
  type EventData,
  type EventOf,
  type Instant,
  orderRunsMax,
  topics,
} from "@crossline/contracts";
import { causesOf, eventOf } from "../envelope.ts";
import type { CaseClocks } from "./clock.ts";

/**
 * Creates the next event of the clock topic. The causes of the event are the last records of the case that the timer had read.
 * A consumer applies the event only after these causes. The event also contains the order in which the timer applied records
 * since the previous clock event.
 */
export function appendClockEvent<T extends ClockEvent["type"]>(
  state: CaseClocks,
  at: Instant,
  type: T,
  data: EventData<T>,
): { readonly state: CaseClocks; readonly message: EventOf<T> } {
  const { applied = [], ...rest } = state;
  const { caseId: key, timeline, read } = state;
  const sequence = state.sequence + 1;
  const after = causesOf(key, read);
  const envelope = { topic: topics.clock, key, sequence, time: at, timeline, after };
  return { state: { ...rest, sequence }, message: eventOf(type, { ...data, order: applied }, envelope) };
}

/** Returns the order with the next record added. Runs of the two topics alternate, and the first run is of the case topic. */
export function addToOrder(order: ApplicationOrder = [], noun: "case" | "handoff"): ApplicationOrder {
  if (order === "cut") return order;
  const runs = order.length === 0 && noun === "handoff" ? [0] : order;
  const isLastOfCase = runs.length % 2 === 1;
  if (runs.length > 0 && isLastOfCase === (noun === "case")) return [...runs.slice(0, -1), (runs.at(-1) ?? 0) + 1];
  return runs.length === orderRunsMax ? "cut" : [...runs, 1];
}
