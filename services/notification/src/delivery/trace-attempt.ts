import type { Tracing } from "@crossline/tracing";
import { mailAddressOf } from "./mail-address.ts";
import type { AttemptResult } from "./send.ts";

/** Finds the event's `traceparent` in a payload. `toPayload` writes the `traceparent` before any field with braces. */
const traceOfPayload = /^\{[^{}]*"traceparent":"([0-9a-f-]{55})"/;

/** The fields of a delivery that the span of an attempt shows. */
type TracedDelivery = {
  readonly url: string;
  readonly payload: string;
  readonly eventType: string;
  readonly caseId: string | null;
  readonly attempts: number;
};

/**
 * Starts a span of the event's trace for one attempt. The returned `traceparent` is the value for the receiver. Without tracing,
 * the returned value is the `traceparent` from the payload. The span has no address, since an address can have any content.
 */
export function traceAttempt(tracing: Tracing, { url, payload, eventType, caseId, attempts }: TracedDelivery) {
  const parent = traceOfPayload.exec(payload)?.[1];
  if (parent === undefined) return { traceparent: undefined, end: () => {} };
  const isMail = mailAddressOf(url) !== undefined;
  const span = tracing.span(isMail ? "deliver a mail" : "deliver a webhook", {
    kind: "client",
    parent,
    attributes: {
      "cloudevents.event_type": eventType,
      ...(caseId !== null && { "crossline.case_id": caseId }),
      "http.request.resend_count": attempts,
    },
  });
  return {
    traceparent: span.traceparent,
    end(result: AttemptResult): void {
      if ("error" in result) span.set({ "error.type": result.error });
      else span.set({ [isMail ? "smtp.response.status_code" : "http.response.status_code"]: result.status });
      span.end("status" in result && result.status < 400 ? undefined : "not delivered");
    },
  };
}
