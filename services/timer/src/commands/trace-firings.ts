import { type ClockEvent, isFiring } from "@crossline/contracts";
import type { Tracing } from "@crossline/tracing";

/**
 * Records a span for each firing, and returns the events. Each firing in the result names its span as `traceparent`. The span belongs
 * to the trace of the case, or starts a trace if the case has none. The span has no duration, because no code ran while the clock
 * ran.
 */
export function traceFirings(tracing: Tracing, clockEvents: readonly ClockEvent[]): readonly ClockEvent[] {
  if (!tracing.isOn) return clockEvents;
  return clockEvents.map((message) => {
    if (!isFiring(message)) return message;
    const { kind, threshold, latenessMs } = message.data;
    const span = tracing.span(`fire ${kind}`, {
      kind: "internal",
      parent: message.traceparent,
      attributes: {
        "crossline.case_id": message.key,
        "crossline.threshold": threshold,
        ...(latenessMs !== undefined && { "crossline.lateness_ms": latenessMs }),
      },
    });
    span.end();
    return span.traceparent === undefined ? message : { ...message, traceparent: span.traceparent };
  });
}
