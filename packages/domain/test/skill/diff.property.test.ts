import type { Skill } from "@crossline/contracts";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { diffSkills } from "../../src/index.ts";
import { propertyRuns } from "../property-runs.ts";

vi.setConfig({ testTimeout: 60_000 });

const skills = fc.array(
  fc
    .record({ os: fc.constantFrom("PocketOS", "Other OS"), level: fc.integer({ min: 1, max: 2 }) })
    .map((one): Skill => ({ ...one, from: "2026-03-01T05:00:00Z", source: "exam" })),
  { minLength: 1, maxLength: 3 },
);
const people = fc
  .dictionary(fc.constantFrom("p-1", "p-2", "p-3", "p-4"), skills)
  .map((sets) => new Map(Object.entries(sets)));

test("the difference, applied to the current skills, gives the wanted skills", () => {
  fc.assert(
    fc.property(people, people, (current, wanted) => {
      const { added, removed, changed, unchanged } = diffSkills(current, wanted);
      const applied = new Map(current);
      for (const person of removed) applied.delete(person);
      for (const person of [...added, ...changed]) applied.set(person, wanted.get(person) ?? []);
      expect(diffSkills(applied, wanted)).toEqual({ added: [], removed: [], changed: [], unchanged: wanted.size });
      expect(added.length + changed.length + unchanged).toBe(wanted.size);
      expect(removed.length + changed.length + unchanged).toBe(current.size);
    }),
    { numRuns: propertyRuns },
  );
});

test("the order of skills and the offset of an instant make no difference; another source does", () => {
  const from = "2026-03-01T05:00:00Z";
  const one: Skill = { os: "PocketOS", level: 1, from, until: "2027-03-01T05:00:00Z", source: "exam" };
  const other: Skill = { model: "Handheld", level: 2, from, source: "exam" };
  const sameInstants = { ...one, from: "2026-03-01T00:00:00-05:00", until: "2027-03-01T06:00:00+01:00" };
  const current = new Map([["p-1", [one, other]]]);
  expect(diffSkills(current, new Map([["p-1", [other, sameInstants]]]))).toMatchObject({ unchanged: 1 });
  expect(diffSkills(current, new Map([["p-1", [other, { ...one, source: "exam 2" }]]]))).toMatchObject({
    changed: ["p-1"],
  });
});
