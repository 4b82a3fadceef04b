import { fromWire, toWire } from "@crossline/messaging";
import type { FetchedRecord, WireRecord } from "@crossline/messaging";
import type { Message } from "@crossline/contracts";
import { describe, expect, test } from "vitest";

const key = `cs_${"0".repeat(26)}`;
const message: Message = {
  topic: "crossline.case.v1",
  key,
  sequence: 12,
  type: "case.closed",
  time: Date.UTC(2026, 2, 7, 14, 0, 0, 123),
  timeline: "wall",
  data: { actor: { party: "northtel", automated: false }, from: "resolved", reason: "confirmed", note: "größer 🜚" },
};

const fetched = (record: WireRecord, over: Partial<FetchedRecord> = {}): FetchedRecord => ({
  ...record,
  partition: 3,
  offset: 7,
  timestamp: 1,
  ...over,
});

describe("a message on the wire", () => {
  test("a message becomes a CloudEvent 1.0 in Kafka's binary mode", () => {
    expect(toWire(message, "/crossline/intake")).toEqual({
      topic: "crossline.case.v1",
      key,
      headers: {
        ce_specversion: "1.0",
        ce_id: `case/${key}/12`,
        ce_source: "/crossline/intake",
        ce_type: "crossline.case.closed.v1",
        ce_time: "2026-03-07T14:00:00.123Z",
        ce_subject: key,
        ce_sequence: "12",
        ce_timeline: "wall",
        "content-type": "application/json",
      },
      value: JSON.stringify(message.data),
    });
  });

  test("a message whose key is not a case id has no subject, and goes to the partition that it names", () => {
    const mark = { ...message, key: "wall/3", partition: 3 };
    const record = toWire(mark, "/crossline/intake");
    expect(record.partition).toBe(3);
    expect(record.headers).not.toHaveProperty("ce_subject");
  });

  test("a message is parsed unchanged, with its causes and its trace", () => {
    const whole = {
      ...message,
      after: [{ topic: "crossline.line.v1", key: "northtel/handheld@1", sequence: 1 }],
      traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    };
    for (const one of [message, whole]) {
      const back = fromWire(fetched(toWire(one, "/crossline/intake")));
      expect(back).toEqual({ ok: true, skipped: false, event: { ...one, id: `case/${key}/12`, partition: 3 } });
    }
  });
});

describe("a record from the wire", () => {
  const good = fetched(toWire(message, "/crossline/intake"));
  const withHeader = (name: string, value: string): FetchedRecord => ({
    ...good,
    headers: { ...good.headers, [name]: value },
  });

  test("a record of another type is skipped because of its header, without a parse of its value", () => {
    const unknown = { ...withHeader("ce_type", "crossline.case.sung-about.v1"), value: "{" };
    expect(fromWire(unknown, new Set(["case.closed"]))).toMatchObject({
      ok: true,
      skipped: true,
      envelope: { type: "case.sung-about", key, sequence: 12 },
    });
    expect(fromWire(good, new Set(["case.closed"]))).toMatchObject({ ok: true, skipped: false });
  });

  test.each([
    ["no key", { ...good, key: undefined }],
    ["no headers", { ...good, headers: {} }],
    ["another version", withHeader("ce_specversion", "0.3")],
    ["no id", withHeader("ce_id", "")],
    ["a foreign type", withHeader("ce_type", "com.example.closed")],
    ["a sequence of 0", withHeader("ce_sequence", "0")],
    ["a sequence of 1.5", withHeader("ce_sequence", "1.5")],
    ["a timeline that is none", withHeader("ce_timeline", "yesterday")],
    ["an impossible date", withHeader("ce_time", "2026-02-30T00:00:00Z")],
    ["a time without offset", withHeader("ce_time", "2026-02-20T00:00:00")],
    ["causes that are no JSON", withHeader("ce_after", "[")],
    ["causes of another form", withHeader("ce_after", '[["crossline.line.v1","k"]]')],
  ])("`fromWire` refuses a record with %s, without an envelope", (_, record) => {
    expect(fromWire(record)).toEqual({ ok: false, reason: expect.stringMatching(/header|key|CloudEvent/) as string });
  });

  const kinds = [
    ["crossline.case.v1", "clock.breached"],
    ["crossline.case.v1", "handoff.offered"],
    ["crossline.clock.v1", "party.recorded"],
    ["crossline.handoff.v1", "queue.offered"],
    ["crossline.queue.orchard.v1", "handoff.offered"],
    ["crossline.queue.orchard.stepped.v1", "case.closed"],
    ["crossline.gap.v1", "sequence.confirmed"],
    ["crossline.case.v1", "gap.found"],
    ["crossline.party.v1", "gap.confirmed"],
  ] as const;
  test.each(kinds)("on %s, `fromWire` refuses %s, also if the caller does not want the type", (topic, type) => {
    const record = { ...withHeader("ce_type", `crossline.${type}.v1`), topic };
    const refusal = { ok: false, reason: "the header ce_type belongs to another topic" };
    for (const wanted of [undefined, new Set<string>()]) expect(fromWire(record, wanted)).toEqual(refusal);
  });

  test.each([
    ["northtel", "operator"],
    ["operator", "vendor"],
  ])("`fromWire` refuses a party %s of the kind %s: only the operator is one", (party, kind) => {
    const headers = { ...good.headers, ce_type: "crossline.party.recorded.v1" };
    const value = JSON.stringify({ party, kind, name: "x", keys: [] });
    const result = fromWire({ ...good, headers, value, topic: "crossline.party.v1", key: party });
    expect(result).toMatchObject({ ok: false, reason: "the data does not fit party.recorded: /kind custom" });
  });

  const owned = [
    ["crossline.queue.orchard.stepped.v1", "queue.offered"],
    ["crossline.clock.v1", "clock.breached"],
    ["crossline.mail.v1", "gap.confirmed"],
    ["crossline.handoff.v1", "sequence.confirmed"],
    ["crossline.gap.v1", "gap.found"],
    ["s1.case", "case.closed"],
  ] as const;
  test.each(owned)("on %s, `fromWire` accepts %s", (topic, type) => {
    const record = { ...withHeader("ce_type", `crossline.${type}.v1`), topic };
    expect(fromWire(record, new Set())).toMatchObject({ ok: true, envelope: { topic, type } });
  });

  test.each([
    ["a tombstone", { ...good, value: undefined }],
    ["no JSON", { ...good, value: '{"note":"secret' }],
    ["data of another form", { ...good, value: '{"reason":"secret","from":"secret"}' }],
    ["null", { ...good, value: "null" }],
    ["an unknown type", withHeader("ce_type", "crossline.case.sung-about.v1")],
  ])(
    "`fromWire` refuses a record with %s with its envelope, and the reason has no part of the content",
    (_, record) => {
      const result = fromWire(record);
      expect(result).toMatchObject({ ok: false, envelope: { key, sequence: 12, timeline: "wall" } });
      expect(JSON.stringify(result)).not.toContain("secret");
    },
  );
});
