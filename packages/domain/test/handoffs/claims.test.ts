import { expect, test } from "vitest";
import { openHandoffOf } from "../../src/index.ts";
import { at } from "../given.ts";
import { DrivenHandoff } from "./driven-handoff.ts";

const ada = { party: "orchard", person: "eng-1", automated: false };
const noor = { party: "orchard", person: "eng-2", automated: false };
const claim = { type: "claim" } as const;

const claimed = (): DrivenHandoff => {
  const driven = new DrivenHandoff().open().cross("09:10");
  expect(driven.command("09:11", claim, ada)).toBeUndefined();
  return driven;
};

test("⚠ a second claim by the same person returns a higher token, and the older token becomes invalid", () => {
  const driven = claimed();
  expect(driven.command("09:12", claim, ada)).toBeUndefined();
  expect(openHandoffOf(driven.crossing)).toMatchObject({ token: 2, claimedBy: "eng-1", leaseUntil: at("09:27") });
  expect(driven.command("09:13", { type: "renew", token: 1 }, ada)?.code).toBe("stale_token");
  expect(driven.command("09:13", { type: "renew", token: 2 }, ada)).toBeUndefined();
});

test("until the lease ends, a claim by another person or an unnamed person is refused, and the refusal names the claimant", () => {
  const driven = claimed();
  for (const actor of [noor, { party: "orchard", automated: false }])
    expect(driven.command("09:12", claim, actor)).toMatchObject({
      code: "already_claimed",
      facts: { claimedBy: "eng-1" },
    });
  expect(driven.command("09:30", claim, noor)).toBeUndefined();
  expect(openHandoffOf(driven.crossing)).toMatchObject({ token: 2, claimedBy: "eng-2" });
});

test("a claim that names no person cannot be repeated", () => {
  const unnamed = { party: "orchard", automated: false };
  const driven = new DrivenHandoff().open().cross("09:10");
  driven.command("09:11", claim, unnamed);
  expect(openHandoffOf(driven.crossing)).not.toHaveProperty("claimedBy");
  expect(driven.command("09:12", claim, unnamed)?.code).toBe("already_claimed");
});
