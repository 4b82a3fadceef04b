import type { ClockEvent } from "@crossline/contracts";

/** A firing with the trace context that its case had last, if any: so one escalation is one trace. */
export function withTrace<M extends ClockEvent>(message: M, traceparent: string | undefined): M {
  return traceparent === undefined ? message : { ...message, traceparent };
}
