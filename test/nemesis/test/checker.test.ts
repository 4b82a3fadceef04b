import { describe, expect, test } from "vitest";
import { createChecker } from "../checker/checker.ts";
import { commandResponse, commandRequest, caseId, firing, findingsOf, caseOpened, record, t0 } from "./entries.ts";

const open = [commandRequest(1, "open", { mark: "N-1" }), commandResponse(1, 201, { caseId, id: caseId, time: t0 })];
const warned = firing(1, "answer/50", 5_000);
const breached = firing(2, "answer/100", 10_000);
const unanswered = [...open, caseOpened("unanswered")];
const handling = record("case/2", "handling.started", 0, { handlingId: "hd_1" });
const stalled = [...open, caseOpened("stalling"), handling, firing(1, "stall-busy/100", 10_000)];
const offered = record("handoff/1", "handoff.offered", 10_010, { handoffId: "ho_1" });
const inQueue = record("queue.orchard/1", "queue.offered", 10_010, { handoffId: "ho_1" });
const hooked = { e: "webhook", at: t0, receiver: "well", id: offered.id } as const;
const crossed = [...stalled, offered, inQueue, hooked];

test("a correct history has no findings", () => {
  expect(findingsOf(...unanswered, warned, breached)).toEqual([]);
  expect(findingsOf(...crossed)).toEqual([]);
});

test("the checker reports a finding of the auditor about a forged record, and counts its other findings", () => {
  const late = record("audit/1", "audit.late", 11_000);
  const forged = record("audit/1", "audit.forged", 12_000);
  expect(findingsOf(...unanswered, warned, breached, late)).toEqual([]);
  expect(findingsOf(...unanswered, warned, breached, forged)).toEqual(["false-forgery"]);
});

describe("commands", () => {
  test("the checker reports an accepted case without an event as lost", () => {
    expect(findingsOf(...open)).toEqual(["lost-command"]);
  });

  test("the checker reports an accepted answer, closing or entry without an event as lost", () => {
    const accepted = commandResponse(2, 201, { caseId, id: "ct_1" });
    expect(findingsOf(...unanswered, warned, breached, commandRequest(2, "contact", { caseId }), accepted)).toEqual([
      "lost-command",
    ]);
    const close = [commandRequest(2, "close", { caseId }), commandResponse(2, 200, { caseId })];
    expect(findingsOf(...unanswered, warned, breached, ...close)).toEqual(["lost-command"]);
    const entry = [
      commandRequest(2, "entry", { caseId, mark: "N-2" }),
      commandResponse(2, 201, { caseId, id: "en_1" }),
    ];
    expect(findingsOf(...unanswered, warned, breached, ...entry)).toEqual(["lost-command"]);
  });

  test("the checker reports a command with two events as doubled", () => {
    const again = record("case/2", "entry.added", 6_000, { text: "N-2", entryId: "en_1", news: false });
    const twice = { ...again, sequence: 3, id: "case/x/3", hash: "other" };
    const entry = [
      commandRequest(2, "entry", { caseId, mark: "N-2" }),
      commandResponse(2, 201, { caseId, id: "en_1" }),
    ];
    expect(findingsOf(...unanswered, warned, breached, ...entry, again, twice)).toEqual(["doubled-command"]);
  });

  test("a refused command must leave no trace", () => {
    const refused = [
      commandRequest(2, "entry", { caseId, mark: "N-2" }),
      commandResponse(2, 404, { code: "not_found" }),
    ];
    const trace = record("case/2", "entry.added", 6_000, { text: "N-2", news: false });
    expect(findingsOf(...unanswered, warned, breached, ...refused)).toEqual([]);
    expect(findingsOf(...unanswered, warned, breached, ...refused, trace)).toEqual(["refused-trace"]);
    const closed = record("case/2", "case.closed", 20_000);
    const notClosed = [commandRequest(2, "close", { caseId }), commandResponse(2, 409, {})];
    expect(findingsOf(...unanswered, warned, breached, ...notClosed, closed)).toEqual(["refused-trace"]);
  });

  test("a command with an unknown outcome may or may not have an event", () => {
    const unknown = commandRequest(2, "entry", { caseId, mark: "N-2" });
    const trace = record("case/2", "entry.added", 6_000, { text: "N-2", news: false });
    expect(findingsOf(...unanswered, warned, breached, unknown)).toEqual([]);
    expect(findingsOf(...unanswered, warned, breached, unknown, trace)).toEqual([]);
  });

  test("the checker reports a response whose time differs from the time of its event", () => {
    const wrong = [
      commandRequest(1, "open", { mark: "N-1" }),
      commandResponse(1, 201, { caseId, id: caseId, time: t0 + 1 }),
    ];
    expect(findingsOf(...wrong, caseOpened("unanswered"), warned, breached)).toEqual(["wrong-answer"]);
  });
});

describe("firings", () => {
  test("the checker reports a missing firing as lost", () => {
    expect(findingsOf(...unanswered, warned)).toEqual(["lost-firing"]);
    expect(findingsOf(...unanswered, firing(1, "answer/100", 10_000))).toEqual(["lost-firing"]);
  });

  test("the checker reports a second firing of one threshold as doubled", () => {
    expect(findingsOf(...unanswered, warned, breached, firing(3, "answer/100", 10_000))).toEqual(["doubled-firing"]);
  });

  test("a second delivery of the same record is not a finding", () => {
    expect(findingsOf(...unanswered, warned, warned, breached, warned)).toEqual([]);
  });

  test("the checker reports two records with one id and different contents as a contradiction", () => {
    const other = { ...warned, hash: "another" };
    expect(findingsOf(...unanswered, warned, other, breached)).toEqual(["contradiction", "doubled-firing"]);
  });

  test("the checker reports a firing before its due instant as early", () => {
    const early = firing(2, "answer/100", 10_000, { firedAt: new Date(t0 + 9_999).toISOString() });
    expect(findingsOf(...unanswered, warned, early)).toEqual(["early-firing"]);
    expect(findingsOf(...unanswered, warned, { ...breached, stamp: t0 + 9_000 })).toEqual(["early-firing"]);
  });

  test("the checker reports a firing with a wrong due instant or without a reason as wrong", () => {
    expect(findingsOf(...unanswered, warned, firing(2, "answer/100", 10_001))).toEqual(["wrong-firing"]);
    expect(findingsOf(...unanswered, warned, breached, firing(3, "other/100", 10_000))).toEqual(["wrong-firing"]);
  });

  test("an answer ends the clock, even at exactly the deadline", () => {
    const contact = (ms: number) =>
      record("case/2", "case.contacted", ms, { contactId: "ct_1", direction: "outbound", content: "answer" });
    const accepted = [commandRequest(2, "contact", { caseId }), commandResponse(2, 201, { caseId, id: "ct_1" })];
    expect(findingsOf(...unanswered, ...accepted, warned, contact(7_000))).toEqual([]);
    expect(findingsOf(...unanswered, ...accepted, warned, contact(10_000))).toEqual([]);
    expect(findingsOf(...unanswered, ...accepted, warned, contact(10_001))).toEqual(["lost-firing"]);
  });

  test("a firing is a race only if the timer could not have read the event yet", () => {
    const contact = {
      ...record("case/2", "case.contacted", 7_000, { contactId: "ct_1", direction: "outbound", content: "answer" }),
      stamp: t0 + 7_000,
    };
    const accepted = [commandRequest(2, "contact", { caseId }), commandResponse(2, 201, { caseId, id: "ct_1" })];
    expect(findingsOf(...unanswered, ...accepted, warned, { ...contact, stamp: t0 + 9_000 }, breached)).toEqual([]);
    const late = firing(2, "answer/100", 10_000, { firedAt: new Date(t0 + 10_600).toISOString() });
    expect(findingsOf(...unanswered, ...accepted, warned, contact, late)).toEqual(["wrong-firing"]);
  });

  test("a history without its first entry has no verdict", () => {
    const checker = createChecker();
    expect(() => checker.verdict()).toThrow("incomplete");
  });
});

test("a tried step restarts the stall clock, and a note does not restart it", () => {
  const entry = (kind: string) => record("case/3", "entry.added", 4_000, { kind, text: "N-2", entryId: "en_1" });
  const accepted = [
    commandRequest(2, "entry", { caseId, mark: "N-2" }),
    commandResponse(2, 201, { caseId, id: "en_1" }),
  ];
  const opening = [...open, caseOpened("stalling"), handling, ...accepted];
  const startedAt = new Date(t0 + 4_000).toISOString();
  const restarted = firing(1, "stall-busy/100", 14_000, { startedAt });
  expect(findingsOf(...opening, entry("step-tried"), restarted, inQueue)).toEqual([]);
  expect(findingsOf(...opening, entry("note"), firing(1, "stall-busy/100", 10_000), inQueue)).toEqual([]);
  expect(findingsOf(...opening, entry("note"), restarted, inQueue)).toEqual(["lost-firing", "wrong-firing"]);
});

test("progress after the end of the handling starts no stall clock", () => {
  const accepted = [
    commandRequest(2, "entry", { caseId, mark: "N-2" }),
    commandResponse(2, 201, { caseId, id: "en_1" }),
  ];
  const hungUp = record("case/3", "handling.ended", 3_000, { handlingId: "hd_1" });
  const entry = record("case/4", "entry.added", 4_000, { kind: "step-tried", text: "N-2", entryId: "en_1" });
  expect(findingsOf(...open, caseOpened("stalling"), handling, ...accepted, hungUp, entry)).toEqual([]);
});

test("the stall clock restarts after a crossing that was overtaken and withdrawn", () => {
  const accepted = [
    commandRequest(2, "entry", { caseId, mark: "N-2" }),
    commandResponse(2, 201, { caseId, id: "en_1" }),
  ];
  const entry = record("case/3", "entry.added", 9_990, { kind: "step-tried", text: "N-2", entryId: "en_1" });
  const withdrawn = record("handoff/2", "handoff.withdrawn", 10_010, { handoffId: "ho_1" });
  const again = (sequence: number, from: number) =>
    firing(sequence, "stall-busy/100", from + 10_000, {
      startedAt: new Date(t0 + from).toISOString(),
      firingId: `fir_${from}`,
    });
  const raced = [...stalled, ...accepted, entry, offered, withdrawn, inQueue, hooked];
  expect(findingsOf(...raced, again(2, 10_010))).toEqual([]);
  expect(findingsOf(...raced)).toEqual(["lost-firing"]);
  expect(findingsOf(...raced, again(2, 9_990))).toEqual(["lost-firing", "needless-crossing"]);
});

describe("crossings", () => {
  test("the checker reports a lost offer if a breach causes no offer", () => {
    expect(findingsOf(...stalled)).toEqual(["lost-offer"]);
  });

  test("the checker reports a second offer for one breach as doubled", () => {
    const second = record("queue.orchard/2", "queue.offered", 10_020, { handoffId: "ho_2" });
    expect(findingsOf(...crossed, second)).toEqual(["doubled-offer"]);
  });

  test("a case that stalls again after a withdrawal is offered again", () => {
    const startedAt = new Date(t0 + 10_010).toISOString();
    const again = firing(2, "stall-busy/100", 20_010, { startedAt, firingId: "fir_again" });
    const withdrawn = record("handoff/2", "handoff.withdrawn", 10_010, { handoffId: "ho_1" });
    const second = record("queue.orchard/2", "queue.offered", 20_020, { handoffId: "ho_2" });
    expect(findingsOf(...crossed, withdrawn, again, second)).toEqual([]);
    const third = record("queue.orchard/3", "queue.offered", 20_030, { handoffId: "ho_3" });
    expect(findingsOf(...crossed, withdrawn, again, second, third)).toEqual(["doubled-offer"]);
  });

  test("times per holder are right if the case closes just before the acceptance, or with the vendor as holder", () => {
    const asks = [commandRequest(3, "accept", { caseId, handoffId: "ho_1" }), commandResponse(3, 200, { caseId })];
    const closing = [commandRequest(4, "close", { caseId }), commandResponse(4, 200, { caseId })];
    const findingsFor = (acceptedMs: number, closedMs: number, held: Record<string, number>) => {
      const accepted = record("handoff/2", "handoff.accepted", acceptedMs, { handoffId: "ho_1" });
      const closed = record("case/3", "case.closed", closedMs);
      const view = { e: "view", at: t0, caseId, openedAt: t0, asOf: t0 + 30_000, held } as const;
      const resolved = record("handoff/3", "handoff.resolved", closedMs + 3_000, { handoffId: "ho_1" });
      const cure = [commandRequest(5, "resolve", { caseId, handoffId: "ho_1" }), commandResponse(5, 200, { caseId })];
      return findingsOf(...crossed, ...asks, ...closing, ...cure, closed, accepted, resolved, view);
    };
    expect(findingsFor(12_500, 12_000, { northtel: 12_000 })).toEqual([]);
    expect(findingsFor(12_000, 12_010, { northtel: 12_000, orchard: 10 })).toEqual([]);
    expect(findingsFor(12_000, 12_010, { northtel: 12_010 })).toEqual(["holder-times"]);
  });

  test("the checker reports an offer without a breach as needless", () => {
    const close = [commandRequest(2, "close", { caseId }), commandResponse(2, 200, { caseId })];
    const closed = record("case/3", "case.closed", 5_000);
    const opening = [...open, caseOpened("stalling"), handling];
    expect(findingsOf(...opening, ...close, closed, inQueue)).toEqual(["needless-crossing"]);
  });

  test("the checker reports a breach as needless if the timer must have read the closing before the firing", () => {
    const close = [commandRequest(2, "close", { caseId }), commandResponse(2, 200, { caseId })];
    const closed = record("case/3", "case.closed", 5_000);
    const opening = [...open, caseOpened("stalling"), handling];
    const breach = firing(1, "stall-busy/100", 10_000);
    expect(findingsOf(...opening, ...close, closed, breach)).toEqual(["needless-crossing"]);
  });

  test("times per holder must add up and belong to the right holder", () => {
    const view = (held: Record<string, number>) =>
      ({ e: "view", at: t0, caseId, openedAt: t0, asOf: t0 + 30_000, held }) as const;
    expect(findingsOf(...crossed, view({ northtel: 30_000 }))).toEqual([]);
    expect(findingsOf(...crossed, view({ northtel: 29_999 }))).toEqual(["holder-times"]);
    expect(findingsOf(...crossed, view({ northtel: 20_000, orchard: 10_000 }))).toEqual(["holder-times"]);
  });

  test("the checker reports a webhook that the working receiver did not receive as lost", () => {
    expect(findingsOf(...stalled, offered, inQueue)).toEqual(["lost-webhook"]);
  });
});

describe("order", () => {
  test("the checker reports a gap in the sequences of a case, and records in the wrong order", () => {
    expect(findingsOf(...unanswered, breached)).toContain("order");
    expect(findingsOf(...unanswered, breached, warned)).toContain("order");
  });

  test("a confirmed sequence is no event, and must not exceed the published sequences", () => {
    const confirmed = (sequence: number) => record(`clock/${sequence}`, "sequence.confirmed", 20_000);
    expect(findingsOf(...unanswered, warned, breached, confirmed(2), confirmed(1))).toEqual([]);
    expect(findingsOf(...unanswered, warned, breached, confirmed(3))).toEqual(["order"]);
  });

  test("the checker reports records that the witness did not read as unread", () => {
    const checker = createChecker();
    checker.add({ e: "setting", at: t0, seed: 1, vendor: "v", receiver: "r", subscribed: [], lines: {} });
    checker.add({ ...caseOpened("none"), offset: 4 });
    checker.add({ ...record("case/2", "case.closed", 1), offset: 6 });
    expect(checker.verdict().findings.map(({ kind }) => kind)).toContain("unread");
  });
});
