import { type Device, type Skill, parseInstant, skill as skillSchema } from "@crossline/contracts";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { canonicalSkills, hasSkill, isCertified, isSkillNeeded, parseOs } from "../../src/index.ts";
import { propertyRuns } from "../property-runs.ts";

vi.setConfig({ testTimeout: 60_000 });

const at = parseInstant("2026-03-07T14:00:00Z");
const trained: Skill = { os: "PocketOS", level: 2, from: "2026-03-01T05:00:00Z", source: "Exam 17" };

test.each([
  ["PocketOS 4.2", { name: "PocketOS", version: "4.2" }],
  ["PocketOS", { name: "PocketOS" }],
  ["4.2", { version: "4.2" }],
  ["v4.2", { version: "4.2" }],
  ["  Pocket  OS  v5 beta 2 ", { name: "Pocket OS", version: "5" }],
  ["4.2 PocketOS", { version: "4.2" }],
  ["PocketOS4.2", { name: "PocketOS4.2" }],
  ["PocketOS 4.", { name: "PocketOS 4." }],
  ["", {}],
])("the operating system %j has the parts %j", (text, parts) => {
  expect(parseOs(text)).toEqual(parts);
});

test.each<[Device, boolean]>([
  [{}, false],
  [{ vendor: "orchard" }, false],
  [{ os: "4.2" }, false],
  [{ model: " ", os: " " }, false],
  [{ os: "PocketOS" }, true],
  [{ model: "Handheld 8700" }, true],
])("the device %j needs a skill: %j", (device, isNeeded) => {
  expect(isSkillNeeded(device)).toBe(isNeeded);
});

describe("a skill covers a device if everything that the skill names fits", () => {
  test.each<[string, object, Device, boolean]>([
    ["the same system", {}, { os: "PocketOS 4.2" }, true],
    ["the case of the letters", {}, { os: "pocketos 4.2" }, true],
    ["a system without a version", {}, { os: "PocketOS" }, true],
    ["another system", {}, { os: "PocketOS Pro 4.2" }, false],
    ["an unknown system", {}, { os: "4.2", model: "Handheld 8700" }, false],
    ["no system", {}, { model: "Handheld 8700" }, false],
    ["a version at the start of the range", { versions: { from: "4.2" } }, { os: "PocketOS 4.2" }, true],
    ["a version before the range", { versions: { from: "4.2" } }, { os: "PocketOS 4.1.9" }, false],
    ["a version without its last number", { versions: { from: "4.0" } }, { os: "PocketOS 4" }, true],
    ["a part of the end of the range", { versions: { to: "4.2" } }, { os: "PocketOS 4.2.9" }, true],
    ["a version after the range", { versions: { to: "4.2" } }, { os: "PocketOS 4.3" }, false],
    ["numbers, not texts", { versions: { from: "4.9" } }, { os: "PocketOS 4.10" }, true],
    ["an unknown version in a range", { versions: { from: "4" } }, { os: "PocketOS" }, false],
    ["an unknown version in an empty range", { versions: {} }, { os: "PocketOS" }, true],
    ["a model of the family", { os: undefined, model: "handheld" }, { model: "Handheld 8700" }, true],
    ["a part of a word", { os: undefined, model: "Hand" }, { model: "Handheld 8700" }, false],
    ["a family with more words", { os: undefined, model: "Handheld 8700 Pro" }, { model: "Handheld 8700" }, false],
    ["a model of any system", { os: undefined, model: "Handheld" }, { model: "Handheld 8700", os: "X 1" }, true],
    ["one of two parts", { model: "Tablet" }, { model: "Handheld 8700", os: "PocketOS 4" }, false],
    ["a lower level", { level: 1 }, { os: "PocketOS 4" }, false],
    ["a higher level", { level: 5 }, { os: "PocketOS 4" }, true],
    ["the last millisecond", { until: "2026-03-07T14:00:00.001Z" }, { os: "PocketOS" }, true],
    ["an expired skill", { until: "2026-03-07T14:00:00Z" }, { os: "PocketOS" }, false],
    ["the first instant", { from: "2026-03-07T09:00:00-05:00" }, { os: "PocketOS" }, true],
    ["a skill that is not valid yet", { from: "2026-03-07T14:00:00.001Z" }, { os: "PocketOS" }, false],
  ])("%s", (_, more, device, isCovered) => {
    expect(isCertified([{ ...trained, ...more }], device, 2, at)).toBe(isCovered);
  });
});

const version = fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }).map((numbers) => numbers.join("."));
const instant = fc.integer({ min: -3, max: 3 }).map((hours) => new Date(at + hours * 3_600_000).toISOString());
const randomSkill = fc
  .record(
    {
      os: fc.constantFrom("PocketOS", "pocketos", "Other OS"),
      versions: fc.record({ from: version, to: version }, { requiredKeys: [] }),
      model: fc.constantFrom("Handheld", "Handheld 8700", "Tablet"),
      level: fc.integer({ min: 1, max: 5 }),
      from: instant,
      until: instant,
      source: fc.constant("exam"),
    },
    { requiredKeys: ["level", "from", "source"] },
  )
  .filter((one) => skillSchema.safeParse(one).success)
  .map((one) => one as Skill);
const randomDevice = fc.record(
  {
    os: fc.oneof(
      version.map((text) => `PocketOS ${text}`),
      fc.constantFrom("PocketOS", "Other OS 4", "4.2", ""),
    ),
    model: fc.constantFrom("Handheld 8700", "Tablet 2", "handheld"),
  },
  { requiredKeys: [] },
);

test("one more skill, a wider skill and a lower demand never make a person uncertified", () => {
  let certified = 0;
  fc.assert(
    fc.property(
      fc.array(randomSkill, { minLength: 1, maxLength: 4 }),
      randomSkill,
      randomDevice,
      fc.integer({ min: 2, max: 5 }),
      (skills, more, device, level) => {
        if (!isCertified(skills, device, level, at)) return;
        certified += 1;
        expect(isCertified([more, ...skills], device, level, at)).toBe(true);
        expect(isCertified(skills, device, level - 1, at)).toBe(true);
        const wider = skills.map((one) => ({ ...one, versions: {}, until: "2099-01-01T00:00:00Z", level: 5 }));
        expect(isCertified(wider, device, level, at)).toBe(true);
      },
    ),
    { numRuns: propertyRuns },
  );
  expect(certified).toBeGreaterThan(propertyRuns / 50);
});

test.each<[object, string]>([
  [{ os: undefined }, ""],
  [{ os: undefined, versions: { from: "4" }, model: "Handheld" }, "versions"],
  [{ versions: { from: "4.3", to: "4.2.9" } }, "versions.to"],
  [{ versions: { from: "x" } }, "versions.from"],
  [{ until: trained.from }, "until"],
  [{ level: 6 }, "level"],
  [{ source: " " }, "source"],
  [{ name: "Ada" }, ""],
])("the schema refuses a skill with %j at %j", (more, place) => {
  const issues = skillSchema.safeParse({ ...trained, ...more }).error?.issues ?? [];
  expect(issues.map(({ path }) => path.join("."))).toEqual([place]);
});

test("the schema accepts a range that ends in its first version", () => {
  expect(skillSchema.safeParse({ ...trained, versions: { from: "4.2.3", to: "4.2" } }).success).toBe(true);
});

test("the order, repeats and the offset of an instant make no difference to canonical skills; another source does", () => {
  const one: Skill = { ...trained, until: "2027-03-01T05:00:00Z" };
  const other: Skill = { model: "Handheld", level: 2, from: trained.from, source: "Exam 17" };
  const same: Skill = { ...one, from: "2026-03-01T00:00:00-05:00", until: "2027-03-01T06:00:00+01:00" };
  expect(canonicalSkills([other, same, same])).toBe(canonicalSkills([one, other]));
  expect(canonicalSkills([other, { ...one, source: "Exam 18" }])).not.toBe(canonicalSkills([one, other]));
  expect(JSON.parse(canonicalSkills([same]))).toEqual([one]);
});

test("a demand without a device asks for any valid skill of the level", () => {
  expect(hasSkill([trained], { device: {}, level: 2, at })).toBe(true);
  expect(hasSkill([trained], { device: {}, level: 3, at })).toBe(false);
  expect(hasSkill([trained], { device: {}, level: 2, at: parseInstant(trained.from) - 1 })).toBe(false);
  expect(hasSkill([trained], { device: { os: "4.2" }, level: 2, at })).toBe(false);
});
