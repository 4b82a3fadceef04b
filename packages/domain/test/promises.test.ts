import { type CaseEvent, type Refusal, formatInstant, topics } from "@crossline/contracts";
import { describe, expect, test } from "vitest";
import {
  type CaseCommand,
  type CaseInput,
  type CaseState,
  builtinRef,
  commandCase,
  isRefused,
  openCase,
  applyToCase,
} from "../src/index.ts";
import { at, caseId } from "./given.ts";

const rep = { party: "northtel", person: "rep-1", automated: false };
const acceptance = { nextStep: "look", readBack: { problem: "dead", tried: "nothing" } };
const engineer = { party: "orchard", person: "eng-1", automated: false };

/** Runs intake's rules on a case that has crossed to a vendor. */
class PromisedCase {
  state: CaseState;
  readonly messages: CaseEvent[] = [];

  constructor(crossedTo: readonly string[] = ["orchard"]) {
    const opening = {
      id: caseId,
      timeline: "stp_0000000000000000000000000a",
      carrierCaseId: "NT-1",
      kind: "fault",
      severity: "minor",
      title: "dead",
      channel: "phone",
      status: "acknowledged",
      line: builtinRef,
      lineReason: "builtin",
    } as const;
    this.state = crossedTo.reduce(
      (state, vendor) => handedTo(state, vendor, "handoff.offered"),
      openCase(opening, rep, at("09:00")).state,
    );
  }

  command(time: string, command: CaseCommand, actor = rep): Refusal | undefined {
    const outcome = commandCase(this.state, command, actor, at(time));
    if (isRefused(outcome)) return outcome.refused;
    this.state = outcome.state;
    this.messages.push(...outcome.messages);
    return undefined;
  }

  promise(more: { promiseId?: string; promisor?: string; from?: string; until?: string } = {}, actor = rep) {
    const { promiseId = "pr_1", until = formatInstant(at("12:00")), ...rest } = more;
    return this.command("09:10", { type: "promise", promiseId, text: "a call", until, ...rest }, actor);
  }

  deliver(time: string, actor = rep, promiseId = "pr_1"): Refusal | undefined {
    return this.command(time, { type: "deliver-promise", promiseId, evidence: "called" }, actor);
  }

  withdraw(time: string, actor = rep): Refusal | undefined {
    return this.command(time, { type: "withdraw-promise", promiseId: "pr_1", reason: "not needed" }, actor);
  }
}

/** Returns the case after an offer to a vendor or an acceptance by the vendor. */
function handedTo(state: CaseState, vendor: string, type: "handoff.offered" | "handoff.accepted"): CaseState {
  const data = { actor: rep, handoffId: "ho_1", vendor, queue: `${vendor}.handheld`, ...acceptance };
  const sequence = state.read.handoff + 1;
  const event = { topic: topics.handoff, key: state.id, sequence, type, time: at("09:01") };
  return applyToCase(state, { ...event, timeline: state.timeline, data } as unknown as CaseInput, at("09:01")).state;
}

const made = (more = {}, actor = rep): PromisedCase => {
  const promised = new PromisedCase();
  expect(promised.promise(more, actor)).toBeUndefined();
  return promised;
};

describe("the company that makes a promise", () => {
  test("the caller makes the promise if the command names no company", () => {
    expect(made().state.promises).toMatchObject([{ id: "pr_1", promisor: "northtel", state: "open" }]);
    expect(made({}, engineer).messages).toMatchObject([{ type: "promise.made", data: { promisor: "orchard" } }]);
  });

  test("the carrier can record a promise of a vendor, but no vendor can promise for the carrier", () => {
    expect(made({ promisor: "orchard" }).state.promises).toMatchObject([{ promisor: "orchard" }]);
    expect(new PromisedCase([]).promise({ promisor: "orchard" })?.code).toBe("forbidden");
    expect(new PromisedCase().promise({ promisor: "northtel" }, engineer)?.code).toBe("forbidden");
  });

  test("only the carrier and the company that made a promise can end the promise", () => {
    expect(made().deliver("10:00", engineer)?.code).toBe("forbidden");
    expect(made().withdraw("10:00", engineer)?.code).toBe("forbidden");
    expect(made({}, engineer).deliver("10:00", engineer)).toBeUndefined();
    expect(made({}, engineer).withdraw("10:00")).toBeUndefined();
  });
});

test.each([
  ["11:59", true, "kept"],
  ["12:00", true, "kept"],
  ["12:00:01", false, "late"],
])("for a delivery of a promise at %s, `kept` is %s and the state of the promise is %s", (time, kept, state) => {
  const promised = made();
  promised.deliver(time);
  expect(promised.messages.at(-1)).toMatchObject({ type: "promise.delivered", data: { promiseId: "pr_1", kept } });
  expect(promised.state.promises).toMatchObject([{ state }]);
});

test("an ended promise does not change, and an unknown promise is not found", () => {
  const promised = made();
  promised.withdraw("10:00");
  expect(promised.state.promises).toMatchObject([{ state: "withdrawn" }]);
  expect(promised.deliver("10:01")?.code).toBe("illegal_transition");
  expect(promised.withdraw("10:02")?.code).toBe("illegal_transition");
  expect(promised.deliver("10:03", rep, "pr_9")?.code).toBe("not_found");
});

test("a window must end in the future and after its start", () => {
  const early = new PromisedCase().promise({ until: formatInstant(at("09:00")) });
  expect(early).toMatchObject({ code: "invalid_request", fields: [{ at: "/until" }] });
  const turned = new PromisedCase().promise({ from: formatInstant(at("13:00")) });
  expect(turned).toMatchObject({ code: "invalid_request", fields: [{ at: "/until" }] });
  expect(made({ from: formatInstant(at("12:00")) }).state.promises).toHaveLength(1);
});

test("a case has at most ten open promises, and when a promise ends, another promise can be made", () => {
  const promised = new PromisedCase();
  for (let number = 1; number <= 10; number++) expect(promised.promise({ promiseId: `pr_${number}` })).toBeUndefined();
  expect(promised.promise({ promiseId: "pr_11" })?.code).toBe("limit_reached");
  promised.deliver("10:00");
  expect(promised.promise({ promiseId: "pr_11" })).toBeUndefined();
});

test("a case keeps all open promises, and only the latest of the ended promises", () => {
  const promised = made({ promiseId: "pr_open" });
  for (let number = 0; number < 60; number++) {
    promised.promise({ promiseId: `pr_${number}` });
    promised.deliver("10:00", rep, `pr_${number}`);
  }
  expect(promised.state.promises).toHaveLength(50);
  expect(promised.state.promises?.some(({ id }) => id === "pr_open")).toBe(true);
  expect(promised.state.promises?.some(({ id }) => id === "pr_59")).toBe(true);
});

test("an ended case accepts no promise", () => {
  const promised = new PromisedCase();
  promised.command("09:05", { type: "close" });
  expect(promised.promise()?.code).toBe("illegal_transition");
});

describe("severity", () => {
  const change = (to: CaseState["severity"], reason = "down"): CaseCommand => ({ type: "change-severity", to, reason });

  test("the carrier and the holder can change the severity", () => {
    const promised = new PromisedCase();
    expect(promised.command("09:10", change("critical"), engineer)?.code).toBe("forbidden");
    promised.state = handedTo(promised.state, "orchard", "handoff.accepted");
    expect(promised.command("09:10", change("critical"), engineer)).toBeUndefined();
    expect(promised.command("09:11", change("major"))).toBeUndefined();
    expect(promised.state.severity).toBe("major");
    expect(promised.messages).toMatchObject([
      { type: "case.severity-changed", data: { from: "minor", to: "critical", reason: "down" } },
      { type: "case.severity-changed", data: { from: "critical", to: "major" } },
    ]);
  });

  test("a change to the present severity and a change on a solved case are refused", () => {
    const promised = new PromisedCase();
    expect(promised.command("09:10", change("minor"))?.code).toBe("illegal_transition");
    promised.command("09:11", { type: "change-status", to: "resolved" });
    expect(promised.command("09:12", change("major"))?.code).toBe("illegal_transition");
  });
});

describe("a pause", () => {
  const pend = (more: object): CaseCommand => ({
    type: "change-status",
    to: "pending",
    note: "the log",
    waitingOn: "customer",
    ...more,
  });

  test("a pause has a code, evidence, an actor and a maximum", () => {
    const promised = new PromisedCase();
    promised.command("09:10", pend({ code: "customer-to-answer", evidence: "asked by mail", maximum: "P2D" }));
    expect(promised.messages.at(-1)?.data).toMatchObject({
      actor: rep,
      code: "customer-to-answer",
      evidence: "asked by mail",
      maximum: "P2D",
    });
  });

  test("a pause has the code `other` if the command gives only a note and the waiting party", () => {
    const promised = new PromisedCase();
    promised.command("09:10", pend({}));
    expect(promised.messages.at(-1)?.data).toMatchObject({ code: "other", waitingOn: "customer" });
  });
});
