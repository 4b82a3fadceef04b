import type { Actor } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import {
  type CaseCommand,
  type CaseState,
  commandCase,
  isRefused,
  mergeCases,
  openCase,
  applyToCase,
} from "../src/index.ts";
import type { CaseMerge } from "../src/case/merge.ts";
import { at } from "./given.ts";

const rep: Actor = { party: "northtel", person: "rep-1", automated: false };
const engineer: Actor = { party: "orchard", person: "eng-1", automated: false };
const ref = { carrier: "northtel", name: "test", version: 1 };

function opened(n: number, more: Record<string, unknown> = {}, carrier: Actor = rep): CaseState {
  const words = { kind: "fault", severity: "minor", title: "dead", channel: "phone", status: "acknowledged" } as const;
  const id = `cs_${String(n).padStart(26, "0")}`;
  const opening = { id, timeline: "wall", carrierCaseId: `NT-${n}`, line: ref, lineReason: "test", ...words, ...more };
  return openCase(opening, carrier, at("09:00")).state;
}

function after(state: CaseState, command: CaseCommand): CaseState {
  const outcome = commandCase(state, command, rep, at("09:30"));
  if (isRefused(outcome)) throw new Error(outcome.refused.detail);
  return outcome.state;
}

const merging: Omit<CaseMerge, "actor"> = {
  reason: "one customer, one fault",
  clocks: [],
  contacts: { count: 1, byChannel: { phone: 1 }, lastAt: "2026-03-07T14:00:00Z" },
  entries: [],
  observing: { source: false, target: false },
  promiseId: () => "pr_new",
  entryId: "en_new",
};

function merged(source: CaseState, target: CaseState, more: Partial<CaseMerge> = {}) {
  const outcome = mergeCases(source, target, { ...merging, ...more, actor: rep }, at("10:00"));
  if (isRefused(outcome)) throw new Error(outcome.refused.detail);
  return outcome;
}

function refused(source: CaseState, target: CaseState, more: Partial<CaseMerge> = {}, actor = rep) {
  const outcome = mergeCases(source, target, { ...merging, ...more, actor }, at("10:00"));
  return isRefused(outcome) ? outcome.refused : undefined;
}

const promise: CaseCommand = { type: "promise", promiseId: "pr_1", text: "a call", until: "2026-03-07T12:00:00-05:00" };
const offer = { handoffId: "ho_1", vendor: "orchard", queue: "orchard.handheld" };
const crossed = (state: CaseState): CaseState => following(state, { type: "handoff.offered", data: offer });

/** The case after a fact of routing. */
function following(state: CaseState, { type, data }: { readonly type: string; readonly data: object }): CaseState {
  const actor = { party: "northtel", automated: true };
  const fact = { topic: "crossline.handoff.v1", key: state.id, sequence: 1, type, time: at("09:30"), timeline: "wall" };
  const event = { ...fact, data: { actor, ...data } };
  return applyToCase(state, event as unknown as Parameters<typeof applyToCase>[1], at("09:30")).state;
}

test("the one is closed and says where it goes on; the other has what was known of both", () => {
  const source = opened(1, { needBy: "2026-03-08T09:00:00Z", symptom: "dead-device", subject: { msisdn: "+1416555" } });
  const target = opened(2, { needBy: "2026-03-09T09:00:00Z", subject: { name: "Ann" } });
  const { source: one, target: other } = merged(source, target);
  expect(one.state).toMatchObject({ status: "closed", mergedInto: target.id });
  expect(one.messages.at(-1)).toMatchObject({ type: "case.closed", data: { reason: "merged", into: target.id } });
  expect(other.state).toMatchObject({
    status: "acknowledged",
    merged: [source.id],
    needBy: "2026-03-08T09:00:00Z",
    symptom: "dead-device",
    subject: { name: "Ann", msisdn: "+1416555" },
    mergedContacts: 1,
    entries: 1,
  });
  expect(other.messages.map(({ type }) => type)).toEqual(["case.merged", "entry.added"]);
  expect(other.messages[0]).toMatchObject({ data: { from: source.id, carrierCaseId: "NT-1", actor: rep } });
});

test("⚠ what answers gave of the one is known of the other, and is not owed again", () => {
  const answered = { type: "handoff.info-provided", data: { ...offer, answer: "x", items: ["battery-log"] } };
  const known = following(opened(1), answered);
  const { target } = merged(known, opened(2));
  expect(target.messages[0]).toMatchObject({ type: "case.merged", data: { given: ["battery-log"] } });
  expect(target.state.facts).toEqual(["battery-log"]);
});

test("what is more severe counts, and is told before the deadlines are compared", () => {
  const { target } = merged(opened(1, { severity: "critical" }), opened(2));
  expect(target.state.severity).toBe("critical");
  expect(target.messages.map(({ type }) => type).slice(0, 2)).toEqual(["case.severity-changed", "case.merged"]);
  expect(merged(opened(1), opened(2, { severity: "critical" })).target.state.severity).toBe("critical");
});

test("a promise goes on with its window; one whose window is over stays where it was broken", () => {
  const { source, target } = merged(after(opened(1), promise), opened(2));
  expect(source.state.promises).toMatchObject([{ id: "pr_1", state: "withdrawn" }]);
  expect(target.state.promises).toMatchObject([{ id: "pr_new", state: "open", until: "2026-03-07T12:00:00-05:00" }]);
  const late = mergeCases(after(opened(1), promise), opened(2), { ...merging, actor: rep }, at("12:01"));
  expect(isRefused(late) ? undefined : late.source.state.promises).toMatchObject([{ id: "pr_1", state: "open" }]);
  expect(isRefused(late) ? undefined : (late.target.state.promises ?? [])).toEqual([]);
});

describe("is refused, and changes nothing", () => {
  const other: Actor = { party: "southtel", automated: false };
  const [one, two] = [opened(1), opened(2)];
  const closed = after(one, { type: "close" });
  const cases: readonly [string, CaseState, CaseState, Partial<CaseMerge>, Actor, string][] = [
    ["by another carrier", one, two, {}, other, "not_found"],
    ["by a vendor that is asked to take it", crossed(one), two, {}, engineer, "forbidden"],
    ["into itself", one, one, {}, rep, "invalid_request"],
    ["into another carrier's", one, opened(3, {}, other), {}, rep, "invalid_request"],
    ["into one of another timeline", one, opened(2, { timeline: "stp_x" }), {}, rep, "invalid_request"],
    ["of one that is over", closed, two, {}, rep, "illegal_transition"],
    ["into one that is over", two, closed, {}, rep, "illegal_transition"],
    ["of one that a vendor is asked to take", crossed(one), two, {}, rep, "illegal_transition"],
    [
      "into a line that only observes",
      one,
      two,
      { observing: { source: false, target: true } },
      rep,
      "illegal_transition",
    ],
  ];
  test.for(cases)("%s", ([, source, target, more, actor, code]) => {
    expect(refused(source, target, more, actor)?.code).toBe(code);
  });

  test("with more open promises than a case can have", () => {
    const many = Array.from({ length: 6 }, (_, n) => ({ ...promise, promiseId: `pr_${n}` }));
    const withMany = (state: CaseState): CaseState => many.reduce(after, state);
    expect(refused(withMany(opened(1)), withMany(opened(2)))?.code).toBe("limit_reached");
  });
});

test("the other way round it goes: into one that a vendor is asked to take", () => {
  expect(refused(opened(1), crossed(opened(2)))).toBeUndefined();
});

test("a case that was merged takes no command any more, and says where it goes on", () => {
  const { source } = merged(opened(1), opened(2));
  for (const command of [{ type: "reopen", reason: "x" }, promise, { type: "close" }] as CaseCommand[]) {
    const outcome = commandCase(source.state, command, rep, at("11:00"));
    expect(outcome).toMatchObject({ refused: { code: "illegal_transition", facts: { mergedInto: opened(2).id } } });
  }
  expect(refused(source.state, opened(3))?.facts).toMatchObject({ mergedInto: opened(2).id });
});
