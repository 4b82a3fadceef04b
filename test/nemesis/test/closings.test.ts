import { describe, expect, test } from "vitest";
import { commandResponse, commandRequest, caseId, firing, findingsOf, caseOpened, record, t0 } from "./entries.ts";

const person = { actor: { party: "northtel", automated: false } };
const program = { actor: { party: "northtel", automated: true } };
const iso = (ms: number): string => new Date(t0 + ms).toISOString();

const open = [
  commandRequest(1, "open", { mark: "N-1" }),
  commandResponse(1, 201, { caseId, id: caseId, time: t0 }),
  commandRequest(2, "solve", { caseId }),
  commandResponse(2, 200, { caseId }),
];
const solved = [...open, caseOpened("solved"), record("case/2", "case.resolved", 0, person)];
const closing = (sequence: number, from: number) =>
  firing(sequence, "closing/100", from + 10_000, { startedAt: iso(from), firingId: `fir_closing_${from}` });
const reply = (sequence: number, from: number) =>
  firing(sequence, "reply/100", from + 4_000, { startedAt: iso(from), firingId: `fir_reply_${from}` });
const closed = (sequence: number, ms: number) =>
  record(`case/${sequence}`, "case.closed", ms, { ...program, reason: "confirmation-lapsed" });

let contacts = 0;
function contact(sequence: number, ms: number, content: string, more: object = person) {
  const n = 10 + contacts++;
  const id = `ct_${n}`;
  const direction = content === "answer" ? "outbound" : "inbound";
  return [
    commandRequest(n, "contact", { caseId, content }),
    commandResponse(n, 201, { caseId, id }),
    record(`case/${sequence}`, "case.contacted", ms, { contactId: id, direction, content, ...more }),
  ];
}

test("a solved case closes automatically after its time, and not before", () => {
  expect(findingsOf(...solved, closing(1, 0), closed(3, 10_010))).toEqual([]);
  expect(findingsOf(...solved, closed(3, 9_000))).toEqual(["wrong-closing"]);
  expect(findingsOf(...solved, closing(1, 0))).toEqual(["lost-closing"]);
  expect(findingsOf(...solved)).toEqual(["lost-closing", "lost-firing"]);
});

describe("an inquiry on a solved case", () => {
  const inquiry = contact(3, 9_990, "inquiry", program);

  test("an inquiry stops the closing until the answer, and the reply stays owed", () => {
    const owed = [reply(1, 9_990), reply(2, 13_990)];
    const answer = contact(4, 20_000, "answer");
    const end = [closing(3, 20_000), closed(5, 30_010)];
    expect(findingsOf(...solved, ...inquiry, ...owed, ...answer, ...end)).toEqual([]);
    expect(
      findingsOf(...solved, ...inquiry, reply(1, 9_990), ...answer, closing(2, 20_000), closed(5, 30_010)),
    ).toEqual(["lost-firing"]);
  });

  test("an inquiry prevents the closing even if the timer published the breach before it read the inquiry", () => {
    const race = [closing(1, 0), ...contact(4, 12_000, "answer"), closing(2, 12_000), closed(5, 22_010)];
    expect(findingsOf(...solved, ...inquiry, ...race)).toEqual([]);
  });

  test("an automatic closing after an inquiry without an answer is wrong", () => {
    const after = [closing(1, 0), closed(4, 10_010), ...contact(5, 12_000, "answer")];
    expect(findingsOf(...solved, ...inquiry, ...after)).toEqual(["wrong-closing"]);
  });

  test("an answer to the inquiry restarts the time, so the old breach closes nothing", () => {
    const early = [...contact(4, 9_995, "answer"), closing(1, 0), closed(5, 10_010)];
    expect(findingsOf(...solved, ...inquiry, ...early)).toEqual(["wrong-closing"]);
  });

  test("an automatic reply or a contact that confirms the fix does not count as an inquiry", () => {
    const quiet = [...contact(3, 2_000, "auto-reply"), closing(1, 0), closed(4, 10_010)];
    expect(findingsOf(...solved, ...quiet)).toEqual([]);
    const works = [record("case/4", "case.confirmed", 2_000), record("case/5", "case.closed", 2_000)];
    expect(findingsOf(...solved, ...contact(3, 2_000, "works"), ...works)).toEqual([]);
  });
});

test("a letter to a closed case needs a reply, whatever its content", () => {
  const close = [commandRequest(3, "close", { caseId }), commandResponse(3, 200, { caseId })];
  const over = [...open, ...close, caseOpened("solved"), record("case/2", "case.resolved", 0, person)];
  const letter = [
    record("case/3", "case.closed", 1_000, { reason: "by-carrier" }),
    ...contact(4, 2_000, "still-broken"),
  ];
  expect(findingsOf(...over, ...letter, reply(1, 2_000), ...contact(5, 8_000, "answer"))).toEqual([]);
  expect(findingsOf(...over, ...letter, ...contact(5, 8_000, "answer"))).toEqual(["lost-firing"]);
});

test("the customer's acts are neither an answer nor progress", () => {
  const opening = [...open.slice(0, 2), caseOpened("unanswered")];
  const due = [firing(1, "answer/50", 5_000), firing(2, "answer/100", 10_000)];
  expect(findingsOf(...opening, ...contact(2, 3_000, "inquiry"), ...due)).toEqual([]);
  expect(findingsOf(...opening, ...contact(2, 3_000, "inquiry"))).toEqual(["lost-firing"]);
});
