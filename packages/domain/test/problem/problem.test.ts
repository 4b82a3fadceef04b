import { expect, test } from "vitest";
import { isInScope, openProblem, scopeFields, scopeKey, scopeOfFields, titleOf } from "../../src/index.ts";
import { PlayedProblem, caseId, hourMs, lead } from "./played-problem.ts";

test("a problem goes from its opening to its end, and each change is one event", () => {
  const played = new PlayedProblem();
  expect(played.command({ type: "assign", owner: "lead-2", reason: "she knows the form" })).toBeUndefined();
  expect(played.knownError()).toBeUndefined();
  expect(played.command({ type: "set-root-cause", rootCause: "The form does not ask." })).toBeUndefined();
  expect(played.status("resolved")).toBeUndefined();
  expect(played.status("closed")).toBeUndefined();
  const changes = played.messages.map(({ data }) => "change" in data && [data.change, data.from, data.to]);
  expect(changes).toEqual([
    ["opened", undefined, "new"],
    ["owner", "new", "investigating"],
    ["known-error", "investigating", "known-error"],
    ["root-cause", "known-error", "known-error"],
    ["status", "known-error", "resolved"],
    ["status", "resolved", "closed"],
  ]);
  expect(played.messages.at(-1)).toMatchObject({
    topic: "crossline.problem.v1",
    key: played.state.id,
    sequence: 6,
    data: {
      carrier: "northtel",
      symptom: "no-signal",
      vendor: "orchard",
      owner: "lead-2",
      knownError: { workaround: "Reset the network settings.", fixCode: "network-reset" },
      rootCause: "The form does not ask.",
    },
  });
});

test("an investigation that is late is overdue once at its deadline", () => {
  const played = new PlayedProblem();
  expect(played.pass(9).overdue()).toEqual([]);
  expect(played.pass(2).overdue()).toEqual([1]);
  expect(played.pass(90).overdue()).toEqual([1]);
  const [, overdue] = played.messages;
  expect(overdue).toMatchObject({ type: "problem.overdue", data: { status: "new", incarnation: 1 } });
  expect(Date.parse((overdue as { data: { investigateBy: string } }).data.investigateBy)).toBe(1_000_000 + 10 * hourMs);
});

test("the clock rests at a known error, and continues with the time that was left", () => {
  const played = new PlayedProblem();
  played.knownError("Reset.", 4);
  expect(played.pass(100).overdue()).toEqual([]);
  played.status("investigating");
  expect(played.pass(5).overdue()).toEqual([]);
  expect(played.pass(2).overdue()).toEqual([1]);
});

test("a reopened problem has the whole time again", () => {
  const played = new PlayedProblem();
  played.pass(11);
  played.status("resolved");
  played.status("investigating");
  expect(played.overdue()).toEqual([1]);
  expect(played.pass(9).overdue()).toEqual([1]);
  expect(played.pass(2).overdue()).toEqual([1, 2]);
});

test("a command that had already taken effect publishes nothing", () => {
  const played = new PlayedProblem();
  played.command({ type: "assign", owner: "lead-2", reason: "hers" });
  played.knownError();
  const { length } = played.messages;
  played.command({ type: "assign", owner: "lead-2", reason: "hers" });
  played.knownError();
  played.command({ type: "unlink", caseId, isLinked: false, reason: "not its cause" });
  expect(played.messages).toHaveLength(length);
});

test("a problem that has ended accepts only its reopening", () => {
  const played = new PlayedProblem();
  played.status("cancelled");
  expect(played.command({ type: "assign", owner: "lead-2", reason: "hers" })).toBe("illegal_transition");
  expect(played.knownError()).toBe("illegal_transition");
  expect(played.status("closed")).toBe("illegal_transition");
  expect(played.status("investigating")).toBeUndefined();
});

test("a known error needs a problem that is not resolved", () => {
  const played = new PlayedProblem();
  played.status("resolved");
  expect(played.knownError()).toBe("illegal_transition");
});

test("a problem has at most 1,000 changes, and its status can always change", () => {
  const played = new PlayedProblem();
  const link = (isLinked: boolean) => ({ type: "link", caseId, isLinked, reason: "alike" }) as const;
  const codes = Array.from({ length: 1_001 }, () => played.command(link(false)));
  expect(codes.filter((code) => code === "limit_reached")).toHaveLength(2);
  expect(played.status("cancelled")).toBeUndefined();
});

const facts = { kind: "fault", channel: "web", symptom: "no-signal", missing: ["msid"] } as const;

test("a scope selects the cases that have all of its fields", () => {
  const symptom = { is: "symptom", symptom: "no-signal", vendor: "orchard", model: "Handheld 8700" } as const;
  const device = { vendor: "orchard", model: "Handheld 8700" };
  expect(isInScope(symptom, { ...facts, device })).toBe(true);
  expect(isInScope(symptom, { ...facts, device: { ...device, model: "Handheld 9" } })).toBe(false);
  expect(isInScope(symptom, facts)).toBe(false);
  expect(isInScope({ is: "symptom", symptom: "no-signal" }, facts)).toBe(true);
  expect(isInScope({ is: "symptom", symptom: "dead" }, facts)).toBe(false);
  const item = { is: "missing-item", kind: "fault", channel: "web", item: "msid" } as const;
  expect(isInScope(item, facts)).toBe(true);
  expect(isInScope({ ...item, channel: "phone" }, facts)).toBe(false);
  expect(isInScope({ ...item, item: "imei" }, facts)).toBe(false);
  expect(isInScope({ is: "cases" }, facts)).toBe(false);
});

test("the key of a scope distinguishes each of its fields, and a scope of linked cases has no key", () => {
  const scopes = [
    { is: "symptom", symptom: "a" },
    { is: "symptom", symptom: "a", vendor: "b" },
    { is: "symptom", symptom: "a", model: "b" },
    { is: "missing-item", kind: "a", channel: "web", item: "b" },
  ] as const;
  expect(new Set(scopes.map(scopeKey)).size).toBe(4);
  expect(scopeKey({ is: "cases" })).toBeUndefined();
  expect(scopes.map((scope) => scopeOfFields(scopeFields(scope)))).toEqual(scopes);
});

test("a problem that Crossline opens has a title with its scope", () => {
  const scope = { is: "symptom", symptom: "no-signal", vendor: "orchard", model: "Handheld 8700" } as const;
  expect(titleOf(scope)).toBe("no-signal of orchard Handheld 8700");
  expect(titleOf({ is: "missing-item", kind: "fault", channel: "web", item: "msid" })).toContain("web lack msid");
  const opened = openProblem(
    {
      id: "pb_1",
      timeline: "wall",
      title: titleOf({ is: "cases" }),
      scope: { is: "cases" },
      source: "joint-case",
      investigateWithinMs: hourMs,
      cases: 1,
      owner: "lead-1",
    },
    lead,
    0,
  );
  expect(opened.state.status).toBe("investigating");
});
