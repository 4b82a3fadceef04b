import type { Message } from "@crossline/contracts";
import { toWire } from "@crossline/messaging";

const key = "cs_01kka9f3c8w2m5x7r0b4d6h9tn";

/** The example record in docs/events.md. A consumer applies the record's causes before it applies the record. */
const example: Message = {
  topic: "crossline.case.v1",
  key,
  sequence: 12,
  type: "case.closed",
  time: Date.UTC(2026, 2, 7, 14, 0, 0, 123),
  timeline: "wall",
  after: [
    { topic: "crossline.handoff.v1", key, sequence: 4 },
    { topic: "crossline.line.v1", key: "northtel/handheld@1", sequence: 1 },
  ],
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  caller: { id: "key_01jnrfh2m4p6r8t0v2x4z6b8d0" },
  data: { actor: { party: "northtel", automated: false }, from: "resolved", reason: "confirmed" },
};

const meanings: Record<string, string> = {
  ce_specversion: "always `1.0`",
  ce_id: "`<topic's noun>/<key>/<sequence>`: a record has the same id in every delivery",
  ce_source: "the service that publishes the event",
  ce_type: "`crossline.<noun>.<past>.v1`",
  ce_time:
    "the instant of the event on its timeline (ISO 8601 with offset); Kafka's own timestamp is the time of the broker",
  ce_subject: "the case id; absent if the record key is not a case id",
  ce_sequence: "a whole number from 1 that increases by one for each record of the same topic and key",
  ce_timeline: "`wall`, or the id of an import (`imp_…`) or a stepped timeline (`stp_…`)",
  ce_after:
    "the causes: a JSON array of `[topic, key, sequence]`, with the sequence as a number; absent without causes",
  ce_traceparent: "W3C trace context; absent without a trace",
  ce_caller:
    "the API key of the command that the record is about, or the session and the roles of its person; absent in every other record",
  "content-type": "always `application/json`",
};

/** Returns the section that lists the headers of a record, with examples from `toWire`, and shows the whole record. */
export function recordSection(): string {
  const { topic, headers, value } = toWire(example, "/crossline/intake");
  const rows = Object.entries(meanings).map(([name, meaning]) => `| \`${name}\` | \`${headers[name]}\` | ${meaning} |`);
  const table = ["| header | example | meaning |", "|---|---|---|", ...rows].join("\n");
  const record = `The examples are the headers of one record of \`${topic}\` with the key \`${key}\` and this value:`;
  return [table, record, `\`\`\`json\n${value}\n\`\`\``].join("\n\n");
}
