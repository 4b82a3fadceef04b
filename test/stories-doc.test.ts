import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { hasTest, isThere, readNamedTests } from "./named-tests.ts";

/* docs/stories.md names a test for each sentence of the five stories. */

const page = resolve(import.meta.dirname, "../docs/stories.md");
const sections = readFileSync(page, "utf8").split(/^## /m).slice(1);
const rows = sections.flatMap((section) =>
  readNamedTests(section).map((row) => ({ ...row, story: section.split("\n")[0] ?? "" })),
);

describe("docs/stories.md", () => {
  test("has a section for each of the five stories, and each row of its tables is complete", () => {
    expect(sections.map((section) => section.slice(0, 8))).toEqual([1, 2, 3, 4, 5].map((story) => `Story ${story}:`));
    for (const section of sections) {
      const bodyRows = section
        .split("\n")
        .filter((line) => line.startsWith("|"))
        .slice(2);
      expect(bodyRows.length).toBeGreaterThan(5);
      expect(rows.filter(({ story }) => section.startsWith(story))).toHaveLength(bodyRows.length);
    }
  });

  test.each(rows)("$story: $what", (row) => {
    expect(isThere(page, row)).toBe(true);
  });

  test("the check notices a test that is renamed", () => {
    const text = 'test("a case crosses", async () => {});\ntest.each(rows)(\n  "$name (each)",\n  () => {},\n);';
    expect(hasTest(text, "a case crosses")).toBe(true);
    expect(hasTest(text, "$name (each)")).toBe(true);
    expect(hasTest(text, "a case")).toBe(false);
    expect(hasTest(text, "a case crosses twice")).toBe(false);
  });
});
