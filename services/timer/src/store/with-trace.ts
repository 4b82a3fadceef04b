import type { ClockEvent } from "@crossline/contracts";

/** Adds the last trace context of the case to a clock event, so that the events and firings of the case share a trace. */
export function withTrace<M extends ClockEvent>(message: M, traceparent: string | undefined): M {
  return traceparent === undefined ? message : { ...message, traceparent };
}
