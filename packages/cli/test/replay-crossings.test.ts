import type { ClockKind } from "@crossline/contracts";
import { topics } from "@crossline/contracts";
import { expect, test } from "vitest";
import { countSeparately } from "../src/replay/separate-counts.ts";
import { FirstCrossings } from "../src/replay/crossings.ts";
import { expectFirings } from "../src/replay/expected-counts.ts";
import type { LogRow } from "../src/replay/log-row.ts";
import { type Breach, Tally } from "../src/replay/tally.ts";

const hourMs = 3_600_000;
const start = Date.UTC(2026, 2, 2, 22);

function row(caseId: string, hours: number, given: Partial<LogRow> = {}): LogRow {
  return { caseId, time: start + hours * hourMs, order: 0, status: "inProgress", fields: {}, ...given };
}

function breach(caseId: string, hours: number, kind: ClockKind = "stall.idle", clock: string = kind): Breach {
  return { caseId, clock, kind, dueMs: start + hours * hourMs };
}

const cases = new Map<string, LogRow[]>([
  ["1", [row("1", 0, { holder: "First line" }), row("1", 3, { holder: "Night" })]],
  ["2", [row("2", 0)]],
  ["3", [row("3", 0, { holder: "Night" })]],
  ["4", [row("4", 0)]],
]);

test("the counts by clock, by day and by holder contain each case once, at its first breach that makes cases cross", () => {
  const crossings = new FirstCrossings();
  for (const one of [
    breach("1", 5),
    breach("1", 2, "handling.limit"), // This breach arrives after the first breach, but was due before it.
    breach("1", 9),
    breach("2", 4),
    breach("3", 3, "stall.idle", "silence"),
    breach("4", 1, "first-response"),
    breach("4", 1, "information"),
  ]) {
    crossings.add(one);
  }
  expect(crossings.count(cases)).toEqual({
    cases: 4,
    crossed: 3,
    byClock: [
      { of: "handling.limit", cases: 1 },
      { of: "silence", cases: 1 },
      { of: "stall.idle", cases: 1 },
    ],
    byDay: [{ of: "2026-03-03", cases: 3, clocks: { "handling.limit": 1, silence: 1, "stall.idle": 1 } }],
    byHolder: [
      { of: "First line", cases: 1 },
      { of: "Night", cases: 1 },
      { of: "no holder named", cases: 1 },
    ],
    halfAfterMs: 3 * hourMs,
    mostAfterMs: 4 * hourMs,
  });
});

test("each breach that is due after a reopening without the state `reopened`, or after the log's end, is in exactly one separate count", () => {
  const log = new Map<string, LogRow[]>([
    ["silent", [row("silent", 0), row("silent", 2, { status: "closed" }), row("silent", 2), row("silent", 9)]],
    ["said", [row("said", 0, { status: "closed" }), row("said", 1, { status: "reopened" }), row("said", 2)]],
    ["still-closed", [row("still-closed", 0, { status: "closed" }), row("still-closed", 1, { status: "closed" })]],
    ["open", [row("open", 0), row("open", 20)]],
  ]);
  const breaches = [
    breach("silent", 1),
    breach("silent", 4),
    breach("silent", 30),
    breach("said", 5),
    breach("open", 20), // This breach is due exactly at the log's last row.
    breach("open", 22),
  ];
  expect(countSeparately(log, breaches, breaches.slice(0, 2))).toEqual({
    rowsAfterClosing: 2,
    casesAfterClosing: 1,
    breaches: { afterClosing: 2, afterLogsEnd: 1 },
    crossings: { afterClosing: 1, afterLogsEnd: 0 },
  });
});

test("silence counts while the holder must act, also in the states held and reopened", () => {
  const history = (["held", "pending", "reopened", "resolved"] as const).map((status, index) =>
    row("1", index * 5, { status }),
  );
  const { firings } = expectFirings(new Map([["1", history]]), {
    idles: [{ name: "idle", ms: hourMs }],
    unchecked: [],
  });
  expect([...(firings.get("idle") ?? [])]).toEqual([`1 ${start + hourMs}`, `1 ${start + 11 * hourMs}`]);
});

test("the tally reports an early breach when the case of the breach arrives; a breach with two sequences counts as doubled", () => {
  const breaches: Breach[] = [];
  const history = new Map([["desk-1", [row("desk-1", 0)]]]);
  const expected = expectFirings(history, { idles: [{ name: "idle", ms: hourMs }], unchecked: ["other"] });
  const tally = new Tally(expected, "tl_1", (one) => breaches.push(one));
  const record = (topic: string, type: string, sequence: string, value: object) =>
    tally.take({
      topic,
      key: "cs_1",
      headers: { ce_timeline: "tl_1", ce_type: type, ce_sequence: sequence },
      value: JSON.stringify(value),
    });
  const fired = (clock: string, firingId: string, sequence: string, type = "crossline.clock.breached.v1") =>
    record(topics.clock, type, sequence, {
      clock,
      firingId,
      kind: "stall.idle",
      dueAt: new Date(start + hourMs).toISOString(),
    });
  fired("idle", "a", "1");
  expect(breaches).toEqual([]);
  record(topics.case, "crossline.case.opened.v1", "1", { carrierCaseId: "desk-1" });
  expect(breaches).toEqual([breach("desk-1", 1, "stall.idle", "idle")]);
  fired("other", "b", "2");
  fired("other", "w", "3", "crossline.clock.warned.v1");
  expect(tally).toMatchObject({ fired: 3, doubled: 0, unexpected: 0, lost: 0 });
  fired("idle", "a", "4");
  fired("unexpected", "c", "5");
  expect(tally).toMatchObject({ fired: 4, doubled: 1, unexpected: 1, lost: 0 });
});
