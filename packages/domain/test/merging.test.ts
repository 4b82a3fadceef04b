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

/** Returns the case after an event of routing. */
function following(state: CaseState, { type, data }: { readonly type: string; readonly data: object }): CaseState {
  const actor = { party: "northtel", automated: true };
  const fact = { topic: "crossline.handoff.v1", key: state.id, sequence: 1, type, time: at("09:30"), timeline: "wall" };
  const event = { ...fact, data: { actor, ...data } };
  return applyToCase(state, event as unknown as Parameters<typeof applyToCase>[1], at("09:30")).state;
}

test("a merge closes the source case, which then names the target case, and the target case has the entries of both cases", () => {
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

test("⚠ items that the source case has are not missing in the target case", () => {
  const answered = { type: "handoff.info-provided", data: { ...offer, answer: "x", items: ["battery-log"] } };
  const source = following(opened(1), answered);
  const { target } = merged(source, opened(2));
  expect(target.messages[0]).toMatchObject({ type: "case.merged", data: { given: ["battery-log"] } });
  expect(target.state.facts).toEqual(["battery-log"]);
});

test("the target case gets the higher severity before the merge, so that the timer compares the new deadlines", () => {
  const { target } = merged(opened(1, { severity: "critical" }), opened(2));
  expect(target.state.severity).toBe("critical");
  expect(target.messages.map(({ type }) => type).slice(0, 2)).toEqual(["case.severity-changed", "case.merged"]);
  expect(merged(opened(1), opened(2, { severity: "critical" })).target.state.severity).toBe("critical");
});

test("an open promise continues in the target case with its window, and a broken promise stays in the source case", () => {
  const { source, target } = merged(after(opened(1), promise), opened(2));
  expect(source.state.promises).toMatchObject([{ id: "pr_1", state: "withdrawn" }]);
  expect(target.state.promises).toMatchObject([{ id: "pr_new", state: "open", until: "2026-03-07T12:00:00-05:00" }]);
  const late = mergeCases(after(opened(1), promise), opened(2), { ...merging, actor: rep }, at("12:01"));
  expect(isRefused(late) ? undefined : late.source.state.promises).toMatchObject([{ id: "pr_1", state: "open" }]);
  expect(isRefused(late) ? undefined : (late.target.state.promises ?? [])).toEqual([]);
});

describe("a merge is refused and changes nothing", () => {
  const other: Actor = { party: "southtel", automated: false };
  const [one, two] = [opened(1), opened(2)];
  const closed = after(one, { type: "close" });
  const cases: readonly [string, CaseState, CaseState, Partial<CaseMerge>, Actor, string][] = [
    ["by another carrier", one, two, {}, other, "not_found"],
    ["by a vendor with an open offer", crossed(one), two, {}, engineer, "forbidden"],
    ["into itself", one, one, {}, rep, "invalid_request"],
    ["into a case of another carrier", one, opened(3, {}, other), {}, rep, "invalid_request"],
    ["into a case of another timeline", one, opened(2, { timeline: "stp_x" }), {}, rep, "invalid_request"],
    ["of an ended case", closed, two, {}, rep, "illegal_transition"],
    ["into an ended case", two, closed, {}, rep, "illegal_transition"],
    ["of a case with an open offer", crossed(one), two, {}, rep, "illegal_transition"],
    ["into an observing line", one, two, { observing: { source: false, target: true } }, rep, "illegal_transition"],
  ];
  test.for(cases)("%s", ([, source, target, more, actor, code]) => {
    expect(refused(source, target, more, actor)?.code).toBe(code);
  });

  test("a merge is refused if the two cases together have more open promises than the limit", () => {
    const many = Array.from({ length: 6 }, (_, n) => ({ ...promise, promiseId: `pr_${n}` }));
    const withMany = (state: CaseState): CaseState => many.reduce(after, state);
    expect(refused(withMany(opened(1)), withMany(opened(2)))?.code).toBe("limit_reached");
  });
});

test("a merge into a case with an open offer is allowed", () => {
  expect(refused(opened(1), crossed(opened(2)))).toBeUndefined();
});

test("a merged case refuses every command, and the refusal names the target case", () => {
  const { source } = merged(opened(1), opened(2));
  for (const command of [{ type: "reopen", reason: "x" }, promise, { type: "close" }] as CaseCommand[]) {
    const outcome = commandCase(source.state, command, rep, at("11:00"));
    expect(outcome).toMatchObject({ refused: { code: "illegal_transition", facts: { mergedInto: opened(2).id } } });
  }
  expect(refused(source.state, opened(3))?.facts).toMatchObject({ mergedInto: opened(2).id });
});
