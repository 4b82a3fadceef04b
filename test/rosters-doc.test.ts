import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseInstant } from "@crossline/contracts";
import { lintRoster, onDuty } from "@crossline/domain";
import { expect, test } from "vitest";

test("the roster in docs/rosters.md passes the lint, and the people on duty are those that the page names", async () => {
  const text = await readFile(resolve(import.meta.dirname, "../docs/rosters.md"), "utf8");
  const [, example = ""] = /```json\n([\s\S]+?)```/.exec(text) ?? [];
  const linted = lintRoster(JSON.parse(example), parseInstant("2026-03-02T12:00:00-05:00"));
  if (!linted.ok) throw new Error(JSON.stringify(linted.faults));
  const who = (at: string) => onDuty(linted.document, parseInstant(at), false).map(({ id }) => id);
  expect(who("2026-03-03T12:00:00-05:00")).toEqual(["eng-4"]);
  expect(who("2026-03-10T12:00:00-04:00")).toEqual(["eng-9"]);
  expect(who("2026-03-10T18:00:00-04:00")).toEqual([]);
  expect(who("2026-03-14T23:00:00-04:00")).toEqual(["eng-9"]); // the override
  expect(who("2026-03-17T12:00:00-04:00")).toEqual(["eng-9"]); // eng-4's week, swapped
  expect(who("2026-03-24T12:00:00-04:00")).toEqual(["eng-9"]);
  expect(who("2026-03-31T12:00:00-04:00")).toEqual(["eng-4"]);
});
