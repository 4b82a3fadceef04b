import { type EventData, topics } from "@crossline/contracts";
import { type CaseCrossing, type CrossingInput, briefAt, builtinLine, react } from "@crossline/domain";
import { expect, test } from "vitest";
import { unstaffed } from "./unstaffed.ts";

const actor = { party: "northtel", automated: false };

function knowing(entries: readonly Partial<EventData<"entry.added">>[]): CaseCrossing {
  const opened = {
    actor,
    carrier: "northtel",
    carrierCaseId: "N-1",
    kind: "fault",
    severity: "major",
    title: "t",
    channel: "web",
    line: builtinLine.ref,
    lineReason: "none",
    status: "acknowledged",
  };
  const added = entries.map((entry) => ({
    actor,
    entryId: "en_1",
    audience: "partners",
    by: "party",
    news: true,
    ...entry,
  }));
  const events = [opened, ...added].map((data, index) => ({
    topic: topics.case,
    key: "cs_00000000000000000000000000",
    sequence: index + 1,
    time: index,
    timeline: "wall",
    type: index === 0 ? "case.opened" : "entry.added",
    data,
  }));
  return events.reduce<CaseCrossing | undefined>(
    (state, event) => react(state, event as unknown as CrossingInput, { ...unstaffed, line: builtinLine }, 0).state,
    undefined,
  )!;
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const long = "ö\u0001".repeat(600);
const parameters = Object.fromEntries(times(500, (index) => [`p${index}`, "\u0001".repeat(200)]));
const attachment = {
  name: "\u0001".repeat(200),
  mediaType: "image/png",
  bytes: 1,
  sha256: "0".repeat(64),
  url: `https://a.example/${"x".repeat(1_900)}`,
};
const step = { name: "reset", parameters, outcome: "failed" as const };

test.each<[string, Partial<EventData<"entry.added">>[]]>([
  ["10,000 notes", times(10_000, (index) => ({ kind: "note", text: `${index}` }))],
  ["long texts of every kind", times(100, (index) => ({ kind: index % 2 === 0 ? "note" : "hypothesis", text: long }))],
  ["attachments with long addresses", times(60, () => ({ kind: "attachment", attachment }))],
  ["steps with hundreds of parameters", times(40, () => ({ kind: "step-tried", step }))],
])("a brief of %s fits into one record, keeps the newest entries and counts the omitted ones", (_, entries) => {
  const brief = briefAt(knowing(entries), entries.length);
  expect(Buffer.byteLength(JSON.stringify(brief))).toBeLessThan(500_000);
  const entryCount = [brief.notes, brief.hypotheses, brief.tried, brief.facts, brief.attachments ?? []].reduce(
    (sum, list) => sum + list.length,
    0,
  );
  expect(entryCount + brief.omitted).toBe(entries.length);
  expect(brief.case.version).toBe(entries.length + 1);
  const newest = [...brief.notes, ...brief.hypotheses, ...brief.tried, ...(brief.attachments ?? [])].map(({ at }) =>
    Date.parse(at),
  );
  expect(Math.max(...newest, entryCount === 0 ? entries.length : 0)).toBe(entries.length);
});
