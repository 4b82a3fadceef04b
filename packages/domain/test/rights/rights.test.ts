import { expect, test } from "vitest";
import { type Action, type Role, readingOf, rightTo, accessOf } from "../../src/index.ts";
import { rights } from "../../src/reading/rights.ts";
import { type AttemptedAction, attempts, rolesInSample } from "./attempts.ts";
import { actors, samplesOf } from "./samples.ts";
import { findRight, roles } from "./table.ts";
import type { WholeCase } from "../whole.ts";

const sighted = [
  "list-cases",
  "read-case",
  "read-contacts",
  "read-entries",
  "read-handlings",
  "export-dossier",
  "read-clocks",
  "read-handoffs",
  "hear-by-webhook",
] as const satisfies readonly Action[];

test.each(roles)("each sample of %s shows this part", (role) => {
  for (const sample of samplesOf(role)) expect(rolesInSample(sample(), actors[role])).toContain(role);
});

test.each(roles)("the rules give %s the rights of the table", (role) => {
  const found = Object.fromEntries(
    (Object.keys(attempts) as AttemptedAction[]).map((act) => [act, findRight(role, act)]),
  );
  const declared = Object.fromEntries(
    (Object.keys(attempts) as AttemptedAction[]).map((act) => [act, rights[act][role]]),
  );
  expect(found).toEqual(declared);
});

test.each(roles.filter((one) => one !== "operator"))("what %s reads of a case is the same in the table", (role) => {
  const rightOf = { whole: "may", "as-of-its-end": "as-of-its-end", nothing: "not_found" } as const;
  for (const sample of samplesOf(role)) {
    const sight = rightOf[accessOf(readingOf(sample().intake), actors[role].party)];
    for (const act of sighted)
      expect([act, rights[act][role]]).toEqual([
        act,
        sight === "not_found" && /list|webhook/.test(act) ? "left-out" : sight,
      ]);
  }
});

test("a company with several parts may do what any of them allows", () => {
  const both: readonly Role[] = ["asked", "joint"];
  expect(rightTo(both, "claim")).toBe("may");
  expect(rightTo(both, "hold-joint-session")).toBe("may");
  expect(rightTo(["cured", "joint"], "read-queued-handoff")).toBe("may");
  expect(rightTo(["former"], "close")).toBe("forbidden");
});

const mayOf = (role: Role): readonly string[] =>
  (Object.keys(attempts) as AttemptedAction[]).filter((act) => rights[act][role] === "may");

// Decided apart from the table: these rows must not change by a slip.
test("a former vendor ends promises and does nothing more, and another company nothing at all", () => {
  expect(mayOf("former")).toEqual(["deliver-promise", "withdraw-promise"]);
  expect(mayOf("stranger")).toEqual([]);
  expect(mayOf("operator")).toEqual([]);
});

test("the carrier alone lowers a severity, a holder proposes it, and no other company does either", () => {
  const lowering = Object.entries(rights["lower-severity"]).filter(
    ([, right]) => right === "may" || right === "proposes",
  );
  expect(lowering).toEqual([
    ["carrier", "may"],
    ["holder", "proposes"],
  ]);
});

test("a former vendor ends its own promise while it is open, and hears of no other promise", () => {
  const over = (): WholeCase => {
    const [, whole] = samplesOf("former").map((sample) => sample());
    if (whole === undefined) throw new Error("there is no former vendor with a promise");
    return whole;
  };
  const orchard = actors.former;
  const own = over();
  const [promise] = own.intake.promises ?? [];
  const deliver = { type: "deliver-promise", promiseId: promise?.id ?? "none", evidence: "x" } as const;
  expect(own.command(deliver, orchard)).toBeUndefined();
  expect(own.command(deliver, orchard)?.code).toBe("forbidden");
  const others = over();
  const made = { type: "promise", promiseId: "pr_rep", text: "x", until: "2027-01-01T00:00:00Z" } as const;
  expect(others.command({ type: "reopen", reason: "it came back" }, actors.carrier)).toBeUndefined();
  expect(others.command(made, actors.carrier)).toBeUndefined();
  for (const promiseId of ["pr_rep", "pr_none"])
    expect(others.command({ type: "withdraw-promise", promiseId, reason: "x" }, orchard)?.code).toBe("forbidden");
});
