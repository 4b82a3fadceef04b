import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type FetchedRecord, fromWire } from "@crossline/messaging";
import { expect, test } from "vitest";

const documented = readDocument(readFileSync(resolve(import.meta.dirname, "../docs/events.md"), "utf8"));

/** Returns the example record in docs/events.md, as a reader of the page finds it. */
function readDocument(text: string) {
  const table = /^\| header \| example \| meaning \|\n\|[-|]+\n((?:\|.+\n)+)/m.exec(text)?.[1] ?? "";
  const headers = [...table.matchAll(/^\| `([^`]+)` \| `([^`]+)` \|/gm)].map(([, name, value]) => [name, value]);
  const [, topic, key, value] =
    /one record of `([^`]+)` with the key `([^`]+)`.+\n\n```json\n(.+)\n```/.exec(text) ?? [];
  return { topic: String(topic), key, headers: Object.fromEntries(headers) as Record<string, string>, value };
}

const record = (headers: Record<string, string>): FetchedRecord => ({
  ...documented,
  headers,
  partition: 0,
  offset: 0,
  timestamp: 0,
});

test("a consumer parses the example record in docs/events.md, and each header has the documented meaning", () => {
  const { topic, key, headers } = documented;
  const read = fromWire(record(headers));
  expect(read).toMatchObject({
    ok: true,
    event: {
      id: headers["ce_id"],
      topic,
      key,
      sequence: 12,
      type: "case.closed",
      timeline: "wall",
      after: [
        { topic: "crossline.handoff.v1", key, sequence: 4 },
        { topic: "crossline.line.v1", key: "northtel/handheld@1", sequence: 1 },
      ],
      traceparent: headers["ce_traceparent"],
    },
  });
});

test("a consumer needs only the headers that every record has according to docs/events.md", () => {
  const { headers } = documented;
  const { ce_subject: _, ce_after: __, ce_traceparent: ___, ...always } = headers;
  expect(fromWire(record(always))).toMatchObject({ ok: true });
  const refused = Object.keys(always).filter((name) => {
    const { [name]: ____, ...others } = always;
    return !fromWire(record(others)).ok;
  });
  expect(refused).toEqual(["ce_specversion", "ce_id", "ce_type", "ce_time", "ce_sequence", "ce_timeline"]);
});
