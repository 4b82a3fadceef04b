import {
  type CaseEvent,
  type CaseStatus,
  type EventType,
  type Refusal,
  caseStatus,
  topics,
} from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import {
  type CaseCommand,
  type CaseInput,
  type CaseState,
  builtinRef,
  commandCase,
  timesByHolder,
  isRefused,
  openCase,
  applyToCase,
  recordHistoryRow,
} from "../src/index.ts";
import { caseLimits } from "../src/case/limits.ts";
import { at, caseId, clockTime } from "./given.ts";

const rep = { party: "northtel", person: "rep-1", automated: false };
const engineer = { party: "orchard", person: "eng-1", automated: false };

/** A case as intake keeps it, driven by hand. */
class DrivenRecord {
  state: CaseState;
  readonly messages: CaseEvent[] = [];
  readonly #sequences = { handoff: 0, clock: 0 };

  constructor(timeline = "stp_0000000000000000000000000a") {
    const words = { carrierCaseId: "NT-1", kind: "fault", severity: "minor", title: "dead", channel: "phone" } as const;
    const opening = {
      id: caseId,
      timeline,
      line: builtinRef,
      lineReason: "builtin",
      status: "acknowledged",
      ...words,
    } as const;
    this.state = openCase(opening, rep, at("09:00")).state;
  }

  command(time: string, command: CaseCommand, actor = rep): Refusal | undefined {
    const outcome = commandCase(this.state, command, actor, at(time));
    if (isRefused(outcome)) return outcome.refused;
    this.state = outcome.state;
    this.messages.push(...outcome.messages);
    return undefined;
  }

  status(time: string, to: CaseStatus, more: object = {}): Refusal | undefined {
    return this.command(time, { type: "change-status", to, ...more });
  }

  event(time: string, type: EventType, data: Record<string, unknown> = {}, after: CaseInput["after"] = []): this {
    const topic = type.startsWith("clock.") ? "clock" : "handoff";
    const { state, messages } = applyToCase(
      this.state,
      {
        topic: topics[topic],
        key: caseId,
        sequence: ++this.#sequences[topic],
        type,
        time: at(time),
        timeline: this.state.timeline,
        after,
        data: { actor: rep, handoffId: "ho_1", vendor: "orchard", queue: "orchard.handheld", ...data },
      } as unknown as CaseInput,
      0,
    );
    this.state = state;
    this.messages.push(...messages);
    return this;
  }

  /** Without the entries that have the words of facts: words.test.ts is about those. */
  get published(): string[] {
    const own = this.messages.filter(({ type, data }) => type !== "entry.added" || data.of === undefined);
    return own.map(({ time, type }) => `${clockTime(time)} ${type}`);
  }
}

const offered = () => new DrivenRecord().event("09:20", "handoff.offered");
const readBack = { problem: "freezes", tried: "restart" };
const accepted = () => offered().event("09:20:30", "handoff.accepted", { nextStep: "look at the log", readBack });
const resolved = () => accepted().event("09:21:15", "handoff.resolved", { fixCode: "memory-full" });

describe("status", () => {
  test("every status but its own can be asked for; only the ways of the table are open", () => {
    const ways: Record<string, string[]> = {};
    for (const to of caseStatus.options) {
      const driven = new DrivenRecord();
      if (driven.status("09:01", to, { note: "x", waitingOn: "customer" }) === undefined)
        (ways["acknowledged"] ??= []).push(to);
    }
    expect(ways["acknowledged"]?.toSorted()).toEqual([
      "assessingCancellation",
      "cancelled",
      "held",
      "inProgress",
      "pending",
      "rejected",
      "resolved",
    ]);
  });

  test("an illegal change is refused with what is possible", () => {
    const driven = new DrivenRecord();
    driven.status("09:01", "cancelled");
    expect(driven.status("09:02", "inProgress")).toMatchObject({
      code: "illegal_transition",
      facts: { status: "cancelled", possible: [] },
    });
    expect(driven.published).toEqual(["09:01 case.status-changed"]);
  });

  test("pending needs a note and whom it waits for", () => {
    expect(new DrivenRecord().status("09:01", "pending", { note: "bill" })?.fields?.[0]?.at).toBe("/waitingOn");
    expect(new DrivenRecord().status("09:01", "pending", { waitingOn: "customer" })?.fields?.[0]?.at).toBe("/note");
  });

  test("follows routing: accepted is in progress, resolved is resolved", () => {
    expect(resolved().published).toEqual(["09:20:30 case.status-changed", "09:21:15 case.resolved"]);
    expect(resolved().state).toMatchObject({ status: "resolved", holder: "northtel", fixCode: "memory-full" });
  });

  test("a breach of information ends the wait, one of confirmation closes, each for what it was started by only", () => {
    const driven = new DrivenRecord();
    driven.status("09:01", "pending", { note: "bill", waitingOn: "customer" });
    driven.event("+1 09:01", "clock.breached", { kind: "information", incarnation: "case/1" });
    expect(driven.state.status).toBe("pending");
    driven.event("+1 09:01", "clock.breached", { kind: "information", incarnation: "case/2" });
    expect(driven.state.status).toBe("inProgress");
    const unconfirmed = resolved();
    unconfirmed.event("+3 09:21:15", "clock.breached", {
      kind: "confirmation",
      incarnation: `case/${unconfirmed.state.statusSince}`,
    });
    expect(unconfirmed.published.at(-1)).toBe("+3 09:21:15 case.closed");
    expect(unconfirmed.messages.at(-1)?.data).toMatchObject({
      reason: "confirmation-lapsed",
      actor: { automated: true },
    });
  });

  test("confirming closes; still broken reopens; a closed case can be reopened too", () => {
    const confirmed = resolved();
    confirmed.command("10:00", { type: "confirm" });
    expect(confirmed.published.slice(-2)).toEqual(["10:00 case.confirmed", "10:00 case.closed"]);
    expect(confirmed.command("11:00", { type: "reopen", reason: "still broken" })).toBeUndefined();
    expect(confirmed.state.status).toBe("reopened");
    expect(new DrivenRecord().command("09:01", { type: "confirm" })?.code).toBe("illegal_transition");
    expect(new DrivenRecord().command("09:01", { type: "reopen", reason: "x" })?.code).toBe("illegal_transition");
  });
});

describe("who may do what", () => {
  test.each([
    { type: "cross", asOf: 1, observing: false },
    { type: "confirm" },
    { type: "reopen", reason: "x" },
    { type: "close" },
  ] as const)("a vendor cannot $type", (command) => {
    expect(accepted().command("09:21", command, engineer)?.code).toBe("forbidden");
  });

  test.each(["cancelled", "rejected"] as const)("a vendor that holds the case cannot make it %s", (to) => {
    expect(accepted().command("09:21", { type: "change-status", to }, engineer)?.code).toBe("forbidden");
  });

  test("only the carrier and the holder change the status", () => {
    const waiting = { type: "change-status", to: "pending", note: "log file", waitingOn: "carrier" } as const;
    expect(offered().command("09:21", waiting, engineer)?.code).toBe("forbidden");
    expect(accepted().command("09:21", waiting, engineer)).toBeUndefined();
  });

  test("a handling belongs to the party that began it", () => {
    const driven = accepted();
    driven.command("09:21", { type: "start-handling", handlingId: "hd_1", channel: "phone" });
    expect(driven.command("09:22", { type: "beat", handlingId: "hd_1" }, engineer)?.code).toBe("not_found");
    expect(driven.command("09:22", { type: "end-handling", handlingId: "hd_1" })).toBeUndefined();
    expect(driven.command("09:23", { type: "beat", handlingId: "hd_1" })?.code).toBe("not_found");
  });
});

describe("crossing by hand", () => {
  const press = (driven: DrivenRecord, time: string, asOf = driven.state.version) =>
    driven.command(time, { type: "cross", asOf, observing: false });

  test("asks routing once; a second press changes nothing, before and after the offer", () => {
    const driven = new DrivenRecord();
    press(driven, "09:12");
    expect(press(driven, "09:12")).toBeUndefined();
    driven.event("09:12", "handoff.offered");
    expect(press(driven, "09:13")).toBeUndefined();
    expect(driven.published).toEqual(["09:12 crossing.requested"]);
  });

  test("on an old picture it is refused, with the version that changed it", () => {
    const driven = offered().event("09:21:30", "handoff.lapsed");
    expect(press(driven, "09:22", 1)).toMatchObject({
      code: "stale_version",
      facts: { version: 3, changedAtVersion: 3 },
    });
    expect(press(driven, "09:22")).toBeUndefined();
  });

  test("⚠ the words of a reopening raise the version, and make no picture of the reopened case old", () => {
    const driven = resolved();
    const before = driven.state.version;
    driven.command("10:00", { type: "reopen", reason: "it froze again", code: "wrong-fix" });
    const [reopened, written] = [before + 1, before + 2];
    expect(driven.state).toMatchObject({ version: written, crossingVersion: reopened });
    expect(press(driven, "10:01", before)).toMatchObject({
      code: "stale_version",
      facts: { changedAtVersion: reopened },
    });
    expect(press(driven, "10:01", reopened)).toBeUndefined();
    expect(driven.published.filter((fact) => fact.endsWith("crossing.requested"))).toEqual([
      "10:01 crossing.requested",
    ]);
    expect(press(driven, "10:02", reopened)).toBeUndefined();
  });

  test("a heartbeat does not make the picture old", () => {
    const driven = new DrivenRecord();
    driven.command("09:01", { type: "start-handling", handlingId: "hd_1", channel: "phone" });
    expect(press(driven, "09:02", 1)).toBeUndefined();
    expect(driven.published.at(-1)).toBe("09:02 crossing.requested");
  });

  test("is refused under a line that only observes, ahead of the case, and when the case is solved", () => {
    expect(new DrivenRecord().command("09:12", { type: "cross", asOf: 1, observing: true })?.code).toBe(
      "illegal_transition",
    );
    expect(press(new DrivenRecord(), "09:12", 9)?.code).toBe("invalid_request");
    expect(press(resolved(), "10:00")?.code).toBe("illegal_transition");
  });
});

describe("crossing by hand, once the last resort was called", () => {
  const called = { call: 1, next: "PT1M", addresses: [] };

  // Found by the simulation: the press was taken for a repeated one, and did nothing, as long as the case lived.
  test("works again when the case was solved meanwhile and reopened", () => {
    const driven = new DrivenRecord().event("09:10", "last-resort.called", called);
    driven.command("09:11", { type: "close" });
    driven.command("09:12", { type: "reopen", reason: "still broken" });
    driven.command("09:13", { type: "cross", asOf: driven.state.version, observing: false });
    expect(driven.published).toEqual(["09:11 case.closed", "09:12 case.reopened", "09:13 crossing.requested"]);
  });

  test("works when routing had called before it read that the case was solved", () => {
    const driven = new DrivenRecord();
    driven.status("09:10", "resolved");
    const solvedAt = driven.state.sequence;
    driven.command("09:11", { type: "reopen", reason: "still broken" });
    driven.event("09:12", "last-resort.called", called, [{ topic: topics.case, key: caseId, sequence: solvedAt - 1 }]);
    expect(driven.state.lastResortCalls).toBe(0);
    driven.event("09:13", "last-resort.called", called, [{ topic: topics.case, key: caseId, sequence: solvedAt + 1 }]);
    expect(driven.state.lastResortCalls).toBe(1);
  });
});

describe("times by holder", () => {
  test("add up to the case's age, and stand still when it is over", () => {
    expect(timesByHolder(resolved().state, at("09:21:15"))).toEqual({ northtel: 1_230_000, orchard: 45_000 });
    const closed = resolved();
    closed.command("10:00", { type: "close" });
    const held = timesByHolder(closed.state, at("+30 09:00"));
    expect(Object.values(held).reduce((sum, ms) => sum + ms, 0)).toBe(3_600_000);
  });
});

describe("limits", () => {
  test.each([
    [
      "entries",
      { type: "add-entry", entryId: "en_1", kind: "note", audience: "partners", by: "party", news: true, text: "x" },
    ],
    ["contacts", { type: "contact", contactId: "ct_1", channel: "mail", direction: "inbound", content: "inquiry" }],
  ] as const)("a case takes so many %s and no more", (what, command) => {
    const driven = new DrivenRecord();
    driven.state = { ...driven.state, [what]: caseLimits[what] - 1 };
    expect(driven.command("09:01", command)).toBeUndefined();
    expect(driven.command("09:02", command)?.code).toBe("limit_reached");
  });

  test("a case with too many events can still be ended and can still cross", () => {
    const full = () => {
      const driven = new DrivenRecord();
      driven.command("09:01", { type: "start-handling", handlingId: "hd_1", channel: "phone" });
      driven.state = { ...driven.state, sequence: caseLimits.events };
      return driven;
    };
    expect(full().command("09:02", { type: "beat", handlingId: "hd_1" })?.code).toBe("limit_reached");
    expect(full().command("09:02", { type: "end-handling", handlingId: "hd_1" })).toBeUndefined();
    expect(full().command("09:02", { type: "cross", asOf: 2, observing: false })).toBeUndefined();
    expect(full().command("09:02", { type: "close" })).toBeUndefined();
  });

  test("a party that has all its live handlings keeps no other from beginning one", () => {
    const driven = new DrivenRecord().event("09:00", "handoff.offered");
    const start = (id: string, actor = rep) =>
      driven.command("09:01", { type: "start-handling", handlingId: id, channel: "phone" }, actor);
    for (let number = 0; number < caseLimits.liveHandlings; number++) start(`hd_${number}`, engineer);
    expect(start("hd_more", engineer)?.code).toBe("limit_reached");
    expect(start("hd_rep")).toBeUndefined();
  });
});

test("a recorded history is followed wherever it goes", () => {
  let { state } = new DrivenRecord("imp_0000000000000000000000000a");
  for (const status of ["closed", "inProgress", "resolved", "acknowledged", "closed"] as const) {
    ({ state } = recordHistoryRow(state, { status }, rep, at("10:00")));
    expect(state.status).toBe(status);
  }
  expect(state.sequence).toBe(6);
});

describe("a joint case that its carrier solved before anybody knew that it was joint", () => {
  const solved = (): DrivenRecord => {
    const driven = new DrivenRecord();
    driven.status("09:30", "resolved", { fixCode: "reset" });
    const parties = ["northtel", "orchard"];
    return driven.event("09:31", "joint.declared", { accountable: "northtel", parties, returns: 2, handoffId: "ho_1" });
  };

  test("is not confirmed or closed without its root cause", () => {
    expect(solved().command("10:00", { type: "confirm" })?.code).toBe("root_cause_needed");
    expect(solved().command("10:00", { type: "close" })?.code).toBe("root_cause_needed");
  });

  test("goes on where nobody says a word", () => {
    const driven = solved();
    const breach = { kind: "confirmation", incarnation: `case/${driven.state.statusSince}` };
    driven.event("+3 09:30", "clock.breached", breach);
    expect(driven.state.status).toBe("reopened");
    const reopened = driven.messages.findLast(({ type }) => type === "case.reopened");
    expect(reopened?.data).toMatchObject({ actor: { automated: true } });
  });

  test("is closed when it was solved again, with its root cause", () => {
    const driven = solved();
    driven.command("10:00", { type: "reopen", code: "other", reason: "the root is not known" });
    driven.status("10:01", "resolved", { fixCode: "reset", rootCause: "a bad batch" });
    expect(driven.command("10:02", { type: "confirm" })).toBeUndefined();
    expect(driven.state.status).toBe("closed");
  });
});

describe("⚠ a joint case is not cancelled on the side", () => {
  const joint = (): DrivenRecord => {
    const driven = accepted();
    const parties = ["northtel", "orchard"];
    return driven.event("09:31", "joint.declared", { accountable: "northtel", parties, returns: 2, handoffId: "ho_1" });
  };

  test("its cancellation is assessed first, and needs the root cause", () => {
    const driven = joint();
    expect(driven.status("10:00", "cancelled", { rootCause: "a bad batch" })?.code).toBe("illegal_transition");
    expect(driven.status("10:01", "assessingCancellation")).toBeUndefined();
    expect(driven.status("10:02", "cancelled")?.code).toBe("root_cause_needed");
    expect(driven.status("10:03", "cancelled", { rootCause: "a bad batch" })).toBeUndefined();
    expect(driven.state).toMatchObject({ status: "cancelled", rootCause: "a bad batch" });
    expect(driven.messages.at(-1)?.data).toMatchObject({ rootCause: "a bad batch" });
  });

  test("any other case is cancelled at once", () => {
    expect(accepted().status("10:00", "cancelled")).toBeUndefined();
  });
});

test("times add up also where a withdrawal is read after the case was reopened", () => {
  const driven = accepted();
  driven.command("10:00", { type: "close" });
  driven.command("11:00", { type: "reopen", code: "still-broken", reason: "still broken" });
  driven.event("10:00", "handoff.withdrawn", { reason: "case-ended" });
  const held = Object.values(timesByHolder(driven.state, at("12:00"))).reduce((sum, ms) => sum + ms, 0);
  expect(driven.state.holder).toBe("northtel");
  expect(held).toBe(2 * 3_600_000); // From nine to ten, and from eleven to twelve.
});
