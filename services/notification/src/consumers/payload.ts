import { formatInstant, parseDuration, type ReceivedMessage, topics, wireType } from "@crossline/contracts";
import type { CaseRecord } from "../store/case-party.ts";

/** The service that told a fact, as it stands in `ce_source` on Kafka. */
const sources: Readonly<Record<string, string>> = {
  [topics.case]: "/crossline/intake",
  [topics.clock]: "/crossline/timer",
  [topics.handoff]: "/crossline/routing",
  [topics.roster]: "/crossline/routing",
};

/** What a fact says to companies. In which order the timer applied what, the auditor alone reads. */
export function eventDataOf({ topic, data }: ReceivedMessage): unknown {
  if (topic !== topics.clock) return data;
  const { order: _, ...fact } = data as { readonly order?: unknown };
  return fact;
}

/** What is sent: the event as a CloudEvent 1.0 in structured mode (JSON format 1.0.2), with the attributes that it has on Kafka. */
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

/** A call of the last resort, with all that a person needs who has never seen the case; the other addresses are nobody's business. */
export function toLastResortPayload(
  event: ReceivedMessage,
  { call, next }: { readonly call: number; readonly next: string },
  { caseId, carrier, carrierCaseId }: CaseRecord,
): string {
  const take = `/v1/cases/${caseId}/take`;
  const text =
    `Nobody has taken case ${carrierCaseId} of ${carrier} (${caseId}): every step of its line is used up. ` +
    `This is call ${call}; the next one follows after ${parseDuration(next) / 60_000} min, until a person takes it by POST ${take}.`;
  const how = { method: "POST", path: take, body: { engineer: { name: "…", contact: "…" } } };
  return toPayload(event, { call, next, caseId, carrier, carrierCaseId, take: how, text });
}
