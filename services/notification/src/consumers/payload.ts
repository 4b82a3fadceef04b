import { formatInstant, parseDuration, type ReceivedMessage, topics, wireType } from "@crossline/contracts";
import { eventDataOf } from "@crossline/domain";
import type { CaseRecord } from "../store/case-party.ts";

/** Returns the service that publishes a topic, in the form of `ce_source` on Kafka. */
const sources: Readonly<Record<string, string>> = {
  [topics.case]: "/crossline/intake",
  [topics.change]: "/crossline/intake",
  [topics.clock]: "/crossline/timer",
  [topics.handoff]: "/crossline/routing",
  [topics.problem]: "/crossline/intake",
  [topics.roster]: "/crossline/routing",
};

/** Makes the payload of a webhook: a CloudEvent 1.0 in structured mode (JSON format 1.0.2), with its attributes from Kafka. */
export function toPayload(event: ReceivedMessage, data: unknown = eventDataOf(event)): string {
  return JSON.stringify({
    specversion: "1.0",
    id: event.id,
    source: sources[event.topic],
    type: wireType(event.type),
    time: formatInstant(event.time),
    subject: event.key,
    datacontenttype: "application/json",
    sequence: String(event.sequence),
    timeline: event.timeline,
    ...(event.traceparent !== undefined && { traceparent: event.traceparent }),
    data,
  });
}

/**
 * Makes the payload of a call of the last resort. The payload has all data that a person new to the case needs, and omits the
 * other addresses of the call.
 */
export function toLastResortPayload(
  event: ReceivedMessage,
  { call, next }: { readonly call: number; readonly next: string },
  { caseId, carrier, carrierCaseId }: CaseRecord,
): string {
  const take = `/v1/cases/${caseId}/take`;
  const text =
    `No person has taken case ${carrierCaseId} of ${carrier} (${caseId}), and its line has no step left. ` +
    `This is call ${call}; the next one follows after ${parseDuration(next) / 60_000} min, until a person takes it by POST ${take}.`;
  const how = { method: "POST", path: take, body: { engineer: { name: "…", contact: "…" } } };
  return toPayload(event, { call, next, caseId, carrier, carrierCaseId, take: how, text });
}
