import { expect, test } from "vitest";
import type { CaseCommand } from "../src/index.ts";
import { PlayedCase, engineer, rep } from "./owed/played.ts";

/* In an earlier version, the vendor that held a case could lower the severity, to have more time. */

const bySeverity = { critical: "PT1H", else: "PT8H" } as const;
const vendors = (): PlayedCase =>
  new PlayedCase(
    { clocks: [{ kind: "resolution", target: bySeverity, warnAt: [] }] },
    { channel: "mail", severity: "critical" },
  ).accepted("09:05");
const lower: CaseCommand = { type: "change-severity", to: "minor", reason: "a spare is there", entryId: "en_1" };

test("⚠ a holder that lowers the severity makes a proposal, which both companies can read and which changes no clock", () => {
  const one = vendors();
  const due = one.clock("resolution")?.due;
  one.command("09:10", lower, engineer);
  expect(one.clock("resolution")?.due).toBe(due);
  expect(one.whole.intake).toMatchObject({ severity: "critical", proposedSeverity: { to: "minor", by: "orchard" } });
  expect(one.whole.crossing.material.notes.at(-1)?.text).toBe("orchard proposes the severity minor: a spare is there");
});

test("the carrier accepts a proposal when it changes the severity, or declines the proposal with a reason", () => {
  const accepted = vendors()
    .command("09:10", lower, engineer)
    .command("09:20", { type: "change-severity", to: "minor" });
  expect(accepted.whole.intake.severity).toBe("minor");
  expect(accepted.whole.intake.proposedSeverity).toBeUndefined();
  expect(accepted.clock("resolution")?.due).toBe("17:00");
  const declined = vendors().command("09:10", lower, engineer);
  expect(() => declined.command("09:15", { type: "decline-severity", reason: "x" }, engineer)).toThrow("forbidden");
  declined.command("09:20", { type: "decline-severity", reason: "the customer cannot work", entryId: "en_2" });
  expect(declined.whole.intake.proposedSeverity).toBeUndefined();
  expect(declined.whole.intake.severity).toBe("critical");
  expect(() => declined.command("09:30", { type: "decline-severity", reason: "x" })).toThrow("illegal_transition");
});

test("the holder can raise the severity at once, and the carrier can lower the severity at once", () => {
  const one = vendors().command("09:10", { type: "change-severity", to: "minor" }, rep);
  one.command("09:20", { type: "change-severity", to: "major" }, engineer);
  expect(one.whole.intake.severity).toBe("major");
});
