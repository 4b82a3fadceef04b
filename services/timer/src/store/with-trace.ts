import type { ClockEvent } from "@crossline/contracts";

/**
 * Adds the last trace context of the case to a clock event, if the case has a trace context. The events and firings of the case then
 * share a trace.
 */
export function withTrace<M extends ClockEvent>(message: M, traceparent: string | undefined): M {
  return traceparent === undefined ? message : { ...message, traceparent };
}
