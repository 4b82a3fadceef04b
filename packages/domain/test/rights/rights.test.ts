import { expect, test } from "vitest";
import { type Act, type Standing, readingOf, rights, rightTo, sightOf } from "../../src/index.ts";
import { type Doing, attempts, standingsOf } from "./attempts.ts";
import { actors, samplesOf } from "./samples.ts";
import { foundRight, standings } from "./table.ts";

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
] as const satisfies readonly Act[];

test.each(standings)("each sample of %s shows this part", (standing) => {
  for (const sample of samplesOf(standing)) expect(standingsOf(sample(), actors[standing])).toContain(standing);
});

test.each(standings)("the rules give %s the rights of the table", (standing) => {
  const found = Object.fromEntries((Object.keys(attempts) as Doing[]).map((act) => [act, foundRight(standing, act)]));
  const declared = Object.fromEntries((Object.keys(attempts) as Doing[]).map((act) => [act, rights[act][standing]]));
  expect(found).toEqual(declared);
});

test.each(standings.filter((one) => one !== "operator"))(
  "what %s reads of a case is the same in the table",
  (standing) => {
    const rightOf = { whole: "may", "as-of-its-end": "as-of-its-end", nothing: "not_found" } as const;
    for (const sample of samplesOf(standing)) {
      const sight = rightOf[sightOf(readingOf(sample().intake), actors[standing].party)];
      for (const act of sighted)
        expect([act, rights[act][standing]]).toEqual([
          act,
          sight === "not_found" && /list|webhook/.test(act) ? "left-out" : sight,
        ]);
    }
  },
);

test("a company with several parts may do what any of them allows", () => {
  const both: readonly Standing[] = ["asked", "joint"];
  expect(rightTo(both, "claim")).toBe("may");
  expect(rightTo(both, "hold-joint-session")).toBe("may");
  expect(rightTo(["cured", "joint"], "read-queued-handoff")).toBe("may");
  expect(rightTo(["former"], "close")).toBe("forbidden");
});
