import type { ReceivedMessage } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { Span, Tracing } from "@crossline/tracing";
import type { WireRecord } from "./broker.ts";

type Apply = (tx: Tx, events: readonly ReceivedMessage[]) => Promise<void>;

/**
 * Starts a span for each record with a trace. Returns the records with the span as their `ce_traceparent`, and the
 * function `end`, which ends the spans. Records without a trace are unchanged.
 */
export function traceSends(tracing: Tracing, records: readonly WireRecord[]) {
  if (!tracing.isOn) return { records, end: () => {} };
  const spans: Span[] = [];
  const traced = records.map((record): WireRecord => {
    const { topic, headers } = record;
    const { ce_traceparent: parent, ce_type: type = "" } = headers;
    if (parent === undefined) return record;
    const attributes = { ...destination(topic), "messaging.operation.type": "send", "cloudevents.event_type": type };
    const span = tracing.span(`send ${topic}`, { kind: "producer", parent, attributes });
    spans.push(span);
    return { ...record, headers: { ...headers, ce_traceparent: span.traceparent ?? parent } };
  });
  return { records: traced, end: (failure?: string) => spans.forEach((span) => span.end(failure)) };
}

/**
 * Returns an `apply` with a span for each event that has a trace. Messages that `apply` appends for an event belong to
 * the trace of that event. A batch is one transaction for many traces, so it gets a span of its own with links to all
 * these traces.
 */
export function traceApply(tracing: Tracing, group: string, apply: Apply): Apply {
  if (!tracing.isOn) return apply;
  return async (tx, events) => {
    const spans: Span[] = [];
    const parents = new Map<string, string>();
    const traced = events.map((event): ReceivedMessage => {
      const { traceparent: parent, topic, type } = event;
      if (parent === undefined) return event;
      const attributes = {
        ...destination(topic),
        "messaging.operation.type": "process",
        "cloudevents.event_type": type,
      };
      const span = tracing.span(`apply ${type}`, { kind: "consumer", parent, attributes });
      spans.push(span);
      parents.set(parent.split("-")[1] ?? "", parent);
      return { ...event, traceparent: span.traceparent ?? parent };
    });
    if (parents.size > 1) {
      const attributes = { "messaging.consumer.group.name": group, "messaging.batch.message_count": events.length };
      spans.push(tracing.span(`apply a batch`, { kind: "consumer", links: [...parents.values()], attributes }));
    }
    try {
      await apply(tx, traced);
      for (const span of spans) span.end();
    } catch (error) {
      for (const span of spans) span.end("the transaction was rolled back");
      throw error;
    }
  };
}

function destination(topic: string) {
  return { "messaging.system": "kafka", "messaging.destination.name": topic };
}
