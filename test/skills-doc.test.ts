import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Skill, parseInstant, skill } from "@crossline/contracts";
import { isCertified } from "@crossline/domain";
import { expect, test } from "vitest";

const text = readFileSync(resolve(import.meta.dirname, "../docs/skills.md"), "utf8");
const valid = { level: 2, from: "2026-03-01T05:00:00Z", source: "exam" };
const at = parseInstant("2026-03-07T14:00:00Z");
const rows = [...text.matchAll(/^\| `(\{.+?\})` \| `(\{.+?\})` \| (yes|no) \|$/gm)].map(
  ([, one = "", device = "", covered = ""]) => [one, device, covered] as const,
);

test("docs/skills.md has examples of devices that are covered and of devices that are not", () => {
  expect(rows.filter(([, , covered]) => covered === "yes").length).toBeGreaterThan(3);
  expect(rows.filter(([, , covered]) => covered === "no").length).toBeGreaterThan(3);
});

test.each(rows)("the skill %s and the device %s of docs/skills.md: %s", (one, device, covered) => {
  const named = skill.parse({ ...(JSON.parse(one) as Partial<Skill>), ...valid });
  expect(isCertified([named], JSON.parse(device) as object, 2, at)).toBe(covered === "yes");
});

test("the skill in docs/skills.md is valid from its first instant until just before its last", () => {
  const [, example = ""] = /```json\n([\s\S]+?)```/.exec(text) ?? [];
  const read = skill.parse(JSON.parse(example));
  const device = { os: "PocketOS 5.1", model: "Handheld 8700" };
  const certifiedAt = (instant: number): boolean => isCertified([read], device, 2, instant);
  const [from, until] = [parseInstant(read.from), parseInstant(read.until ?? "")];
  expect([from - 1, from, until - 1, until].map(certifiedAt)).toEqual([false, true, true, false]);
});
