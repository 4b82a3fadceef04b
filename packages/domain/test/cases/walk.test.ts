import { caseStatus } from "@crossline/contracts";
import { expect, test } from "vitest";
import { walkStatuses } from "./walk.ts";

const changes = walkStatuses();

test("a case reaches every status", () => {
  expect(new Set(changes.map(([, , to]) => to))).toEqual(new Set(caseStatus.options));
});

test("a rejected or cancelled case never changes its status", () => {
  expect(changes.filter(([from]) => from === "rejected" || from === "cancelled")).toEqual([]);
});
