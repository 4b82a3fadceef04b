import { expect, test } from "vitest";
import { DrivenHandoff, twoSteps } from "./driven-handoff.ts";
import { unstaffed } from "../unstaffed.ts";

test("an offer lists the known errors for its symptom and model", () => {
  const queries: unknown[][] = [];
  const deps = {
    ...unstaffed,
    knownErrors: (...like: unknown[]) => {
      queries.push(like);
      return [{ fixCode: "memory-full", cures: 3 }];
    },
  };
  const driven = new DrivenHandoff(twoSteps(), deps).open().cross("09:10");
  expect(queries).toEqual([["orchard", "dead-device", "Handheld 8700"]]);
  expect(driven.last("queue.offered").data.brief.knownErrors).toEqual([{ fixCode: "memory-full", cures: 3 }]);
});
