import { type ClockEvent, isFiring } from "@crossline/contracts";
import type { Tracing } from "@crossline/tracing";

/**
 * The same firings, each as a span of its case's trace, or as the first of one where there is none: it is an instant, since
 * nothing was at work while the clock ran. What follows from it names it as its parent.
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
