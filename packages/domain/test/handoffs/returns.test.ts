import { describe, expect, test } from "vitest";
import { holdSession, nameJointPerson, openHandoffOf } from "../../src/index.ts";
import { at } from "../given.ts";
import { DrivenHandoff, evidence, rep, twoSteps } from "./driven-handoff.ts";

const accepted = (by = twoSteps()): DrivenHandoff => new DrivenHandoff(by).open().cross("09:10").accept("09:20");

test("a return needs evidence: the test, its result, and a fact that would change the vendor's mind", () => {
  const driven = accepted();
  expect(driven.command("09:30", { type: "return", code: "bad-data", note: "bad numbers" })).toMatchObject({
    code: "evidence_needed",
    fields: [{ at: "/evidence" }],
  });
  expect(openHandoffOf(driven.crossing)?.phase).toBe("accepted");
  driven.execute("09:40", { type: "return", code: "bad-data", evidence });
  expect(driven.crossing).toMatchObject({ holder: "northtel", returns: { orchard: 1 } });
  expect(driven.last("handoff.returned").data).toMatchObject({ code: "bad-data", evidence, returns: 1 });
});

test("only an accepted case can be returned", () => {
  const driven = new DrivenHandoff().open().cross("09:10").execute("09:11", { type: "claim" });
  expect(driven.command("09:12", { type: "return", code: "bad-data", evidence })?.code).toBe("illegal_transition");
});

describe("the second return makes the case joint", () => {
  const joint = (): DrivenHandoff => {
    const driven = accepted()
      .giveBack("09:40")
      .event("09:50", "case.moved", { line: twoSteps().ref, from: twoSteps().ref });
    return driven.cross("10:00").accept("10:10").giveBack("10:30");
  };

  test("one company becomes accountable, and a further return is refused", () => {
    const driven = joint();
    expect(driven.last("joint.declared").data).toMatchObject({
      accountable: "northtel",
      parties: ["northtel", "orchard"],
      returns: 2,
    });
    driven.cross("10:40").accept("10:50");
    expect(driven.command("11:00", { type: "return", code: "bad-data", evidence })?.code).toBe("returning_closed");
    const onward = { type: "transfer", code: "wrong-team", to: "quill.care" };
    expect(driven.command("11:00", onward)?.code).toBe("returning_closed");
    expect(driven.last("queue.offered").data.brief).toMatchObject({ joint: true, returns: 2 });
  });

  test("the resolution of a joint case needs the root cause", () => {
    const driven = joint().cross("10:40").accept("10:50");
    expect(driven.command("11:00", { type: "resolve", fixCode: "msid" })?.code).toBe("root_cause_needed");
    driven.execute("11:01", { type: "resolve", fixCode: "msid", rootCause: "the activation page shows no MSID" });
    expect(driven.last("handoff.resolved").data.rootCause).toBe("the activation page shows no MSID");
  });

  test("each company names its person for the sessions, and can become accountable", () => {
    const driven = joint();
    const engineer = { name: "Noor Haddad", contact: "noor@orchard.example" };
    const orchard = { party: "orchard", automated: false };
    expect(
      driven.decide((state) => nameJointPerson(state, { engineer, accountable: true }, orchard, at("10:40"))),
    ).toBeUndefined();
    expect(driven.crossing.joint?.accountable).toBe("orchard");
    const outsider = { party: "quill", automated: false };
    expect(driven.decide((state) => nameJointPerson(state, { engineer }, outsider, at("10:41")))?.code).toBe(
      "not_found",
    );
    expect(driven.decide((state) => holdSession(state, "found it", rep, at("10:50")))).toBeUndefined();
    expect(driven.types.at(-1)).toBe("joint.session-held");
  });

  test("a company outside the joint case cannot name a person", () => {
    expect(accepted().decide((state) => holdSession(state, "x", rep, at("09:30")))?.code).toBe("illegal_transition");
  });
});

test("a line sets the number of returns that make a case joint", () => {
  expect(accepted(twoSteps({ returns: { jointAfter: 1 } })).giveBack("09:40").types).toContain("joint.declared");
});

test("routing counts the returns between each pair of companies separately", () => {
  const onward = twoSteps({ triggers: [{ on: "returns", count: 1 }] });
  const driven = accepted(onward).giveBack("09:40").accept("10:10").giveBack("10:30");
  expect(driven.crossing.returns).toEqual({ orchard: 1, quill: 1 });
  expect(driven.types).not.toContain("joint.declared");
});
