import { describe, expect, test } from "vitest";
import type { Entry } from "../history.ts";
import {
  commandResponse,
  commandRequest,
  caseId,
  firing,
  findingsOf,
  verdictOf,
  caseOpened,
  record,
  t0,
  trimNote,
} from "./entries.ts";

/** Returns the excused findings and the record that excuses each of them. */
function excusedIn(...entries: readonly Entry[]): string[] {
  const { findings, excused } = verdictOf(...entries);
  expect(findings).toEqual([]);
  return [...new Set(excused.map(({ kind, lost }) => `${kind}: ${lost}`))];
}

const lost = (type: string, topic: string, offset: number, service: string): string =>
  `${type} (crossline.${topic}.v1/0, offset ${offset}) was deleted before the ${service} had read it`;

const open = [commandRequest(1, "open", { mark: "N-1" }), commandResponse(1, 201, { caseId, id: caseId, time: t0 })];
const warned = firing(1, "answer/50", 5_000);
const breached = firing(2, "answer/100", 10_000);
const unanswered = [...open, caseOpened("unanswered")];
const handling = record("case/2", "handling.started", 0, { handlingId: "hd_1" });

describe("records that the timer lost", () => {
  test("a case whose opening was deleted has no clocks", () => {
    const excuse = lost("case.opened", "case", 0, "timer");
    expect(excusedIn(...unanswered, trimNote("timer", "case", 0, 1))).toEqual([`lost-firing: ${excuse}`]);
  });

  test("a lost record excuses a finding only at the right offset, partition and topic, and in the right service", () => {
    const others = [
      trimNote("timer", "case", 1, 9),
      trimNote("timer", "clock", 0, 1),
      trimNote("routing", "case", 0, 1),
    ];
    expect(findingsOf(...unanswered, ...others)).toEqual(["lost-firing"]);
    const elsewhere = { ...(trimNote("timer", "case", 0, 1) as Extract<Entry, { e: "trim" }>), partition: 1 };
    expect(findingsOf(...unanswered, elsewhere)).toEqual(["lost-firing"]);
  });

  test("if the timer lost an answer, the clock may continue, but the firings before the answer must still happen", () => {
    const contact = record("case/2", "case.contacted", 7_000, {
      contactId: "ct_1",
      direction: "outbound",
      content: "answer",
    });
    const accepted = [commandRequest(2, "contact", { caseId }), commandResponse(2, 201, { caseId, id: "ct_1" })];
    const late = firing(2, "answer/100", 10_000, { firedAt: new Date(t0 + 19_000).toISOString() });
    const story = [...unanswered, ...accepted, contact];
    const trim = trimNote("timer", "case", 1, 2);
    expect(findingsOf(...story, warned, late)).toEqual(["wrong-firing"]);
    const excuse = lost("case.contacted", "case", 1, "timer");
    expect(excusedIn(...story, warned, late, trim)).toEqual([`wrong-firing: ${excuse}`]);
    // The timer may have fetched the record before the timer froze.
    expect(excusedIn(...story, warned, trim)).toEqual([]);
    expect(findingsOf(...story, trim)).toEqual(["lost-firing"]);
  });

  test("a clock continues if the event that restarts it was deleted", () => {
    const entry = record("case/3", "entry.added", 4_000, { kind: "step-tried", text: "N-2", entryId: "en_1" });
    const accepted = [
      commandRequest(2, "entry", { caseId, mark: "N-2" }),
      commandResponse(2, 201, { caseId, id: "en_1" }),
    ];
    const inQueue = record("queue.orchard/1", "queue.offered", 10_010, { handoffId: "ho_1" });
    const story = [...open, caseOpened("stalling"), handling, ...accepted, entry];
    const trim = trimNote("timer", "case", 2, 3);
    const old = firing(1, "stall-busy/100", 10_000);
    const restarted = firing(1, "stall-busy/100", 14_000, { startedAt: new Date(t0 + 4_000).toISOString() });
    const excuse = lost("entry.added", "case", 2, "timer");
    expect(excusedIn(...story, old, inQueue, trim)).toEqual([`needless-crossing: ${excuse}`, `lost-firing: ${excuse}`]);
    expect(excusedIn(...story, restarted, inQueue, trim)).toEqual([]);
    expect(findingsOf(...story, trim)).toEqual(["lost-firing"]);
    const again = { ...restarted, sequence: 2, id: "clock/2", data: { ...restarted.data, firingId: "fir_other" } };
    expect(findingsOf(...story, old, again, inQueue, trim)).not.toEqual([]);
  });

  test("nothing excuses a doubled or early firing", () => {
    const trim = trimNote("timer", "case", 0, 1);
    expect(findingsOf(...unanswered, warned, breached, firing(3, "answer/100", 10_000), trim)).toEqual([
      "doubled-firing",
    ]);
    const early = firing(2, "answer/100", 10_000, { firedAt: new Date(t0 + 9_999).toISOString() });
    expect(findingsOf(...unanswered, warned, early, trim)).toEqual(["early-firing"]);
  });

  test("the checker reports a late firing if the partition waited for another record, even if the case lost no record", () => {
    const at = (ms: number) => firing(2, "answer/100", 10_000, { firedAt: new Date(t0 + ms).toISOString() });
    const trim = trimNote("timer", "case", 7, 8);
    expect(findingsOf(...unanswered, warned, at(39_000), trim)).toEqual([]);
    expect(findingsOf(...unanswered, warned, at(41_000), trim)).toEqual(["late-firing"]);
    expect(findingsOf(...unanswered, warned, at(41_000), trimNote("routing", "case", 7, 8))).toEqual([]);
  });
});

test("a solved case may stay open if the timer lost the resolution, or if intake lost the breach", () => {
  const resolution = record("case/2", "case.resolved", 1_000);
  const asks = [commandRequest(2, "solve", { caseId }), commandResponse(2, 200, { caseId })];
  const closing = firing(1, "closing/100", 11_000, { startedAt: new Date(t0 + 1_000).toISOString() });
  const story = [...open, caseOpened("solved"), ...asks, resolution];
  const excuse = lost("case.resolved", "case", 1, "timer");
  expect(excusedIn(...story, trimNote("timer", "case", 1, 2))).toEqual([
    `lost-firing: ${excuse}`,
    `lost-closing: ${excuse}`,
  ]);
  expect(excusedIn(...story, closing, trimNote("intake", "clock", 0, 1))).toEqual([
    `lost-closing: ${lost("clock.breached", "clock", 0, "intake")}`,
  ]);
  expect(findingsOf(...story, closing, trimNote("timer", "case", 1, 2))).toEqual(["lost-closing"]);
  expect(findingsOf(...story, closing, trimNote("intake", "case", 1, 2))).toEqual(["lost-closing"]);
});

describe("records that other services lost", () => {
  const stalled = [...open, caseOpened("stalling"), handling, firing(1, "stall-busy/100", 10_000)];
  const offered = record("handoff/1", "handoff.offered", 10_010, { handoffId: "ho_1" });
  const inQueue = record("queue.orchard/1", "queue.offered", 10_010, { handoffId: "ho_1" });
  const crossed = [...stalled, offered, inQueue];

  test("a lost breach excuses a missing offer, but not a second offer for one breach", () => {
    const excuse = lost("clock.breached", "clock", 0, "routing");
    expect(excusedIn(...stalled, trimNote("routing", "clock", 0, 1))).toEqual([`lost-offer: ${excuse}`]);
    expect(findingsOf(...stalled, trimNote("routing", "clock", 1, 2))).toEqual(["lost-offer"]);
    expect(findingsOf(...stalled, trimNote("intake", "clock", 0, 1))).toEqual(["lost-offer"]);
    const second = record("queue.orchard/2", "queue.offered", 10_020, { handoffId: "ho_2" });
    expect(findingsOf(...stalled, inQueue, second, trimNote("routing", "clock", 0, 1))).toEqual(["doubled-offer"]);
  });

  test("notification sends no webhook for a record that it lost", () => {
    expect(findingsOf(...crossed)).toEqual(["lost-webhook"]);
    const excuse = lost("handoff.offered", "handoff", 0, "notification");
    expect(excusedIn(...crossed, trimNote("notification", "handoff", 0, 1))).toEqual([`lost-webhook: ${excuse}`]);
    expect(findingsOf(...crossed, trimNote("notification", "clock", 0, 1))).toEqual(["lost-webhook"]);
  });

  test("a hand-off event that intake lost excuses wrong times per holder", () => {
    const accepted = record("handoff/2", "handoff.accepted", 12_000, { handoffId: "ho_1" });
    const asks = [commandRequest(3, "accept", { caseId, handoffId: "ho_1" }), commandResponse(3, 200, { caseId })];
    const hooked = { e: "webhook", at: t0, receiver: "well", id: offered.id } as const;
    const held = { northtel: 30_000 };
    const view = { e: "view", at: t0, caseId, openedAt: t0, asOf: t0 + 30_000, held } as const;
    const story = [...crossed, hooked, ...asks, accepted, view];
    expect(findingsOf(...story)).toEqual(["holder-times"]);
    const excuse = lost("handoff.accepted", "handoff", 1, "intake");
    expect(excusedIn(...story, trimNote("intake", "handoff", 1, 2))).toEqual([`holder-times: ${excuse}`]);
    expect(findingsOf(...story, trimNote("routing", "handoff", 1, 2))).toEqual(["holder-times"]);
  });
});
