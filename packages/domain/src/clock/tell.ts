import {
  type ApplicationOrder,
  type ClockEvent,
  type EventData,
  type Instant,
  runsMax,
  topics,
} from "@crossline/contracts";
import type { CaseClocks } from "./clock.ts";

type Told<T extends ClockEvent["type"]> = { readonly state: CaseClocks; readonly message: ClockEvent & { type: T } };

/**
 * Numbers one fact of the clock topic. It carries what the timer had read of the case when it decided, so that a consumer that has
 * read less waits, and in which order the timer applied what it read since the last fact.
 */
export function tellClock<T extends ClockEvent["type"]>(
  state: CaseClocks,
  type: T,
  time: Instant,
  data: Omit<EventData<T>, "order">,
): Told<T> {
  const { applied = [], ...rest } = state;
  const { case: cases, handoff: handoffs } = state.read;
  const sequence = state.sequence + 1;
  const message = {
    topic: topics.clock,
    key: state.caseId,
    sequence,
    type,
    time,
    timeline: state.timeline,
    after: [
      { topic: topics.case, key: state.caseId, sequence: cases },
      ...(handoffs > 0 ? [{ topic: topics.handoff, key: state.caseId, sequence: handoffs }] : []),
    ],
    data: { ...data, order: applied },
  };
  return { state: { ...rest, sequence }, message: message as unknown as Told<T>["message"] };
}

/** The order with one more record: runs of the two topics alternate, and the case topic's is first. */
export function withApplied(order: ApplicationOrder = [], noun: "case" | "handoff"): ApplicationOrder {
  if (order === "cut") return order;
  const runs = order.length === 0 && noun === "handoff" ? [0] : order;
  const isLastOfCase = runs.length % 2 === 1;
  if (runs.length > 0 && isLastOfCase === (noun === "case")) return [...runs.slice(0, -1), (runs.at(-1) ?? 0) + 1];
  return runs.length === runsMax ? "cut" : [...runs, 1];
}
