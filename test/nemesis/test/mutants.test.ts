import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { mutants, patchOf } from "../mutants/all.ts";

const root = resolve(import.meta.dirname, "../../..");

test.each(mutants)("the patch $name still applies to the sources", (mutant) => {
  expect(() => execFileSync("git", ["apply", "--check", patchOf(mutant)], { cwd: root, stdio: "pipe" })).not.toThrow();
});

test("every patch belongs to a mutant", () => {
  const patches = readdirSync(join(import.meta.dirname, "../mutants")).filter((name) => name.endsWith(".patch"));
  expect(patches.toSorted()).toEqual(mutants.map(({ name }) => `${name}.patch`).toSorted());
});
