import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { expect, test } from "vitest";
import { leaks, patchOf } from "./scenarios/isolation/leaks/all.ts";

const root = resolve(import.meta.dirname, "..");

test.each(leaks)("the planted leak $name applies to the present source", (leak) => {
  expect(() => execFileSync("git", ["apply", "--check", patchOf(leak)], { cwd: root, stdio: "pipe" })).not.toThrow();
});

test("every patch has a leak, and every leak has a patch", () => {
  const [first] = leaks;
  const patches = readdirSync(dirname(patchOf(first ?? { name: "" }))).filter((name) => name.endsWith(".patch"));
  expect(patches.toSorted()).toEqual(leaks.map(({ name }) => `${name}.patch`).toSorted());
});
