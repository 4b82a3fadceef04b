import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { isThere, readNamedTests } from "./named-tests.ts";

/* docs/security.md names a test for each attack. */

const page = resolve(import.meta.dirname, "../docs/security.md");
const text = readFileSync(page, "utf8");
const attacks = text.slice(text.indexOf("## Attacks"), text.indexOf("## What Crossline leaves"));
const rows = readNamedTests(attacks);

test("each row of the tables of attacks names a test", () => {
  const bodyRows = attacks.split("\n").filter((line) => line.startsWith("| ") && !/^\| (?:Attack|---)/.test(line));
  expect(rows).toHaveLength(bodyRows.length);
  expect(rows.length).toBeGreaterThan(30);
});

test.each(rows)("$what", (row) => {
  expect(isThere(page, row)).toBe(true);
});
