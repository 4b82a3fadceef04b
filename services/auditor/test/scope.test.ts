import { type LineDocument, topics } from "@crossline/contracts";
import { expect, test } from "vitest";
import { copyOf } from "../src/rules/case-state.ts";
import { startCase, applyEvent } from "../src/rules/apply-event.ts";
import { type AuditedEvent, readLine } from "../src/rules/index.ts";
import { clockEffects } from "../src/rules/clock-effects.ts";
import { lineWith } from "./history.ts";

const start = Date.UTC(2026, 2, 5, 15);
const ref = { carrier: "northtel", name: "one", version: 1 };
const crossing: LineDocument["crossing"] = [
  { to: "queue:orchard.desk", mode: "ticket", acceptWithin: "PT1H", repeat: 1 },
];
const clocks: LineDocument["clocks"] = [
  { kind: "first-response", target: "PT1H", warnAt: [] },
  { kind: "resolution", target: { critical: "PT1H", else: "PT8H" }, warnAt: [] },
];
const line = readLine(lineWith({ mode: "cross", crossing, clocks }), {});
const program = (party: string) => ({ party, automated: true });
const handoff = { handoffId: "ho_1", vendor: "orchard", queue: "orchard.desk" };

const event = (type: string, sequence: number, minutes: number, data: object): AuditedEvent =>
  ({
    topic: /^(?:handoff|joint|line|last-resort|roster)\./.test(type) ? topics.handoff : topics.case,
    key: "cs_00000000000000000000000001",
    sequence,
    type,
    time: start + minutes * 60_000,
    timeline: "wall",
    data: { actor: program("orchard"), ...data },
  }) as unknown as AuditedEvent;

/** Returns the state of a case on which several clocks run and Orchard is the holder. */
function accepted() {
  const opening = { carrier: "northtel", line: ref, severity: "critical", channel: "mail", status: "acknowledged" };
  const opened = event("case.opened", 1, 0, { ...opening, actor: program("northtel") });
  const state = startCase(opened as Parameters<typeof startCase>[0], line);
  applyEvent(state, event("handoff.offered", 1, 5, { ...handoff, acceptWithin: "PT1H" }), () => line);
  applyEvent(state, event("handoff.accepted", 2, 10, handoff), () => line);
  return state;
}

const typesOf = (meant: string): string[] =>
  Object.entries(clockEffects).flatMap(([type, meaning]) => (meaning === meant ? [type] : []));

test.each(typesOf("actor"))("%s by a program changes no clock", (type) => {
  const before = accepted();
  expect(before.meters.map(({ kind }) => kind).toSorted()).toEqual(["first-response", "resolution", "stall.idle"]);
  const after = copyOf(before);
  const said = { to: "minor", reason: "x", kind: "decision", by: "party", news: false, party: "orchard" };
  applyEvent(after, event(type, 3, 10, { ...handoff, ...said }), () => line);
  expect(after.meters).toEqual(before.meters);
  expect(after.owed).toEqual(before.owed);
});

test.each(typesOf("nothing"))("%s changes no clock, even if a person of the holder causes the event", (type) => {
  const before = accepted();
  const after = copyOf(before);
  const actor = { party: "orchard", person: "eng-1", automated: false };
  applyEvent(after, event(type, 3, 20, { ...handoff, actor }), () => line);
  expect(after.meters).toEqual(before.meters);
  expect(after.owed).toEqual(before.owed);
});
