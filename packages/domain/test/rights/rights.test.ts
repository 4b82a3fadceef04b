import { expect, test } from "vitest";
import { type Action, type Role, readingOf, rightTo, accessOf } from "../../src/index.ts";
import { rights } from "../../src/reading/rights.ts";
import { type AttemptedAction, attempts, rolesInSample } from "./attempts.ts";
import { actors, samplesOf } from "./samples.ts";
import { findRight, roles } from "./table.ts";
import type { WholeCase } from "../whole.ts";

const readActions = [
  "list-cases",
  "read-case",
  "read-contacts",
  "read-entries",
  "read-handlings",
  "export-dossier",
  "read-clocks",
  "read-clock-history",
  "read-journal",
  "read-handoffs",
  "hear-by-webhook",
] as const satisfies readonly Action[];

test.each(roles)("in each sample of the role %s, the company has this role", (role) => {
  for (const sample of samplesOf(role)) expect(rolesInSample(sample(), actors[role])).toContain(role);
});

test.each(roles)("the rules give the role %s the rights in the table", (role) => {
  const measured = Object.fromEntries(
    (Object.keys(attempts) as AttemptedAction[]).map((act) => [act, findRight(role, act)]),
  );
  const declared = Object.fromEntries(
    (Object.keys(attempts) as AttemptedAction[]).map((act) => [act, rights[act][role]]),
  );
  expect(measured).toEqual(declared);
});

test.each(roles.filter((one) => one !== "operator"))(
  "the table and the rules give the role %s the same case access",
  (role) => {
    const rightOf = { whole: "may", "as-of-its-end": "as-of-its-end", nothing: "not_found" } as const;
    for (const sample of samplesOf(role)) {
      const access = rightOf[accessOf(readingOf(sample().intake), actors[role].party)];
      for (const act of readActions)
        expect([act, rights[act][role]]).toEqual([
          act,
          access === "not_found" && /list|webhook/.test(act) ? "left-out" : access,
        ]);
    }
  },
);

test("a company with several roles has the rights of all its roles", () => {
  const both: readonly Role[] = ["asked", "joint"];
  expect(rightTo(both, "claim")).toBe("may");
  expect(rightTo(both, "hold-joint-session")).toBe("may");
  expect(rightTo(["cured", "joint"], "read-queued-handoff")).toBe("may");
  expect(rightTo(["former"], "close")).toBe("forbidden");
});

const mayOf = (role: Role): readonly string[] =>
  (Object.keys(attempts) as AttemptedAction[]).filter((act) => rights[act][role] === "may");

// These tests repeat rows of the table, so that an unintended change of the table fails.
test("a former vendor can only end promises, and a company without a role can do nothing", () => {
  expect(mayOf("former")).toEqual(["deliver-promise", "withdraw-promise"]);
  expect(mayOf("stranger")).toEqual([]);
  expect(mayOf("operator")).toEqual([]);
});

test("only the carrier can lower a severity, and only the holder can propose a lower severity", () => {
  const lowering = Object.entries(rights["lower-severity"]).filter(
    ([, right]) => right === "may" || right === "proposes",
  );
  expect(lowering).toEqual([
    ["carrier", "may"],
    ["holder", "proposes"],
  ]);
});

test("a former vendor can end its own open promise, and finds no other promise", () => {
  const over = (): WholeCase => {
    const [, whole] = samplesOf("former").map((sample) => sample());
    if (whole === undefined) throw new Error("no sample has a former vendor with a promise");
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
