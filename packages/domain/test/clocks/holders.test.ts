import { expect, test } from "vitest";
import { DrivenCase, at, line } from "../given.ts";

test("⚠ a new holder starts the holder's clocks again, and obligations to the customer continue", () => {
  const both = line({
    clocks: [
      { kind: "resolution", target: "PT8H", warnAt: [] },
      { kind: "stall.idle", target: "PT2H", warnAt: [] },
    ],
  });
  const driven = new DrivenCase(both).open();
  const one = { handoffId: "ho_1", vendor: "orchard" };
  driven.event("09:30", "handoff.offered", { ...one, acceptWithin: "PT1H" });
  driven.event("10:00", "handoff.accepted", { ...one, actor: { party: "orchard", automated: false } });
  expect(driven.due("stall.idle")).toBe("12:00");
  expect(driven.state?.clocks.find(({ name }) => name === "stall.idle")?.charged).toBe("orchard");
  expect(driven.due("resolution")).toBe("17:00");
});

test("⚠ the counted time of a clock does not grow after the closing, even if the clock has breached", () => {
  const driven = new DrivenCase(line({ clocks: [{ kind: "resolution", target: "PT1H", warnAt: [] }] })).open();
  driven.until("11:00").event("11:00", "case.closed", { from: "inProgress", reason: "by-carrier" });
  const rests = driven.state?.clocks.find(({ name }) => name === "resolution");
  expect(rests?.counted).toEqual([{ from: at("09:00"), to: at("11:00") }]);
  expect(driven.until("+9 11:00").fired.filter((fired) => fired.includes("resolution"))).toEqual(["10:00 resolution"]);
});

test("a return makes the carrier the holder, and a transfer does not", () => {
  const idle = line({ clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }] });
  const one = { handoffId: "ho_1", vendor: "orchard", actor: { party: "orchard", automated: false } };
  const accepted = (): DrivenCase =>
    new DrivenCase(idle).open().event("09:10", "handoff.offered", one).event("09:20", "handoff.accepted", one);
  expect(accepted().event("10:00", "handoff.returned", one).state?.holder).toBe("northtel");
  const transferred = accepted().event("10:00", "handoff.transferred", { ...one, to: "quill.care" });
  expect(transferred.state?.holder).toBe("orchard");
  expect(transferred.state?.handoff).toBeUndefined();
});

test("a person who renews a lease gives no sign of life", () => {
  const idle = line({ clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }] });
  const actor = { party: "northtel", person: "rep-1", automated: false };
  const driven = new DrivenCase(idle).open();
  driven.event("10:00", "handoff.renewed", { handoffId: "ho_1", vendor: "northtel", actor });
  expect(driven.due("stall.idle")).toBe("11:00");
});
