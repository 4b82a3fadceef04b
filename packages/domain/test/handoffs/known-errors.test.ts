import { expect, test } from "vitest";
import { DrivenHandoff, twoSteps } from "./driven-handoff.ts";
import { unstaffed } from "../unstaffed.ts";

test("a cure that worked for this symptom of this model travels with the offer", () => {
  const asked: unknown[][] = [];
  const around = {
    ...unstaffed,
    knownErrors: (...like: unknown[]) => {
      asked.push(like);
      return [{ fixCode: "memory-full", cures: 3 }];
    },
  };
  const driven = new DrivenHandoff(twoSteps(), around).open().cross("09:10");
  expect(asked).toEqual([["orchard", "dead-device", "Handheld 8700"]]);
  expect(driven.last("queue.offered").data.brief.knownErrors).toEqual([{ fixCode: "memory-full", cures: 3 }]);
});
