import { type CaseEvent, type EventData, handoffEvents, topics } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import { type CaseInput, type CaseState, commandCase, isRefused, applyToCase } from "../../src/index.ts";
import { isPersonOf } from "../../src/case/act.ts";
import { at, caseId } from "../given.ts";
import { openedCase as opened, rep } from "./given.ts";

const agent = { party: "orchard", person: "eng-4", automated: false };
const evidence = { test: "on a reference", result: "works there", wouldChangeOurMind: "a log" };
const readBack = { problem: "freezes at start", tried: "a restart" };
const subject = { engineer: { name: "Ada Lovett", contact: "ada@orchard.example" } };

function read(state: CaseState, type: string, data: Record<string, unknown>, sequence = 1) {
  const one = { actor: agent, handoffId: "ho_1", vendor: "orchard", queue: "orchard.handheld" };
  const event = { topic: topics.handoff, key: caseId, sequence, type, time: at("09:30"), timeline: state.timeline };
  return applyToCase(state, { ...event, data: { ...one, ...data } } as unknown as CaseInput, 0);
}

const entriesOf = (messages: readonly CaseEvent[]): EventData<"entry.added">[] =>
  messages.flatMap((message) => (message.type === "entry.added" ? [message.data] : []));

const spoken: readonly (readonly [type: string, data: Record<string, unknown>, words: readonly string[]])[] = [
  [
    "handoff.info-requested",
    { code: "needs-log", items: ["battery-log"], question: "When?" },
    ["When?", "battery-log"],
  ],
  ["handoff.info-provided", { answer: "last night", bestEffort: false }, ["last night"]],
  ["handoff.rejected", { code: "not-our-device", note: "a Quill" }, ["not-our-device", "a Quill"]],
  ["handoff.returned", { code: "bad-data", evidence, note: "see" }, ["bad-data", ...Object.values(evidence), "see"]],
  ["handoff.transferred", { code: "wrong-team", to: "quill.care", note: "theirs" }, ["quill.care", "theirs"]],
  ["handoff.accepted", { nextStep: "read the log", readBack, subject }, ["read the log", ...Object.values(readBack)]],
  ["handoff.resolved", { fixCode: "reset", rootCause: "a bad batch", note: "done" }, ["reset", "a bad batch", "done"]],
  ["joint.session-held", { parties: [], outcome: "replace it" }, ["replace it"]],
];

describe("the text of a hand-off command becomes an entry of the dossier", () => {
  test.each(spoken)("%s", (type, data, words) => {
    const before = opened();
    const { state, messages } = read(before, type, data);
    const entries = entriesOf(messages);
    expect(entries).toHaveLength(1);
    const [entry] = entries;
    expect(entry).toMatchObject({ audience: "partners", news: false, number: 1, hash: state.chain });
    expect(entry).toMatchObject({ of: { topic: topics.handoff, sequence: 1 }, actor: { ...agent, automated: true } });
    expect(words.filter((word) => entry?.text?.includes(word) !== true)).toEqual([]);
    expect(JSON.stringify(entry)).not.toContain("Ada");
    expect(messages.filter((message) => message.type === "entry.added" && isPersonOf("orchard", message))).toEqual([]);
    expect(entriesOf(read(before, type, data).messages)).toEqual(entries);
  });

  test("an event without text adds no entry", () => {
    const silent = Object.keys(handoffEvents).filter((type) => spoken.every(([name]) => name !== type));
    const said = silent.flatMap((type) => entriesOf(read(opened(), type, { call: 1, actor: agent }).messages));
    expect(said).toEqual([]);
    expect(entriesOf(read(opened(), "handoff.info-provided", { bestEffort: true }).messages)).toEqual([]);
  });

  test("the reasons of a requested crossing and of a reopening become entries", () => {
    const state = opened();
    const crossingCommand = {
      type: "cross",
      asOf: state.version,
      reason: "the customer leaves at noon",
      observing: false,
    } as const;
    const crossing = commandCase(state, crossingCommand, rep, at("09:10"));
    const solved = read(state, "handoff.resolved", { fixCode: "reset" }).state;
    const reopening = commandCase(solved, { type: "reopen", reason: "it froze again" }, rep, at("10:00"));
    if (isRefused(crossing) || isRefused(reopening)) throw new Error("refused");
    const said = [...entriesOf(crossing.messages), ...entriesOf(reopening.messages)];
    expect(said.map(({ text }) => text)).toEqual([
      "Crossing requested: the customer leaves at noon",
      "Reopened: it froze again",
    ]);
    // The breach of a clock names the reopening and not the entry with its reason, so `statusSince` names the reopening.
    expect(reopening.state.statusSince).toBe(reopening.state.sequence - 1);
  });

  test("the longest text of a command fits into an entry", () => {
    const long = "x".repeat(1000);
    const most = { test: long, result: long, wouldChangeOurMind: long };
    const [entry] = entriesOf(
      read(opened(), "handoff.returned", { code: "bad-data", evidence: most, note: long }).messages,
    );
    expect(entry?.text?.length).toBeGreaterThan(4000);
    expect(entry?.text?.length).toBeLessThan(5000);
  });
});

test("the carrier's reply to an information request fills the requested items", () => {
  const { state } = read(opened(), "handoff.info-provided", { answer: "x", items: ["battery-log"], bestEffort: false });
  expect(state.facts).toEqual(["battery-log"]);
});
