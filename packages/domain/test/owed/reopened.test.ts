import { expect, test } from "vitest";
import { PlayedCase } from "./played.ts";

/* In an earlier version, a reopened case no longer owed the obligations that were unmet at its resolution. */

const promised = {
  clocks: [
    { kind: "first-response" as const, target: "PT4H", warnAt: [50] },
    { kind: "next-update" as const, target: "PT6H", warnAt: [] },
    { kind: "resolution" as const, target: "PT8H", warnAt: [25, 50] },
  ],
  needBy: { cure: "PT4H" },
};
const opening = { channel: "mail", needBy: "2026-03-07T18:00:00-05:00" } as const; // The latest safe crossing is at 14:00.
const opened = () => new PlayedCase(promised, opening);

test("⚠ if the customer reports `still-broken` after a resolution, the need-by is owed again with its latest safe crossing", () => {
  const one = opened().resolve("10:00");
  expect(one.clock("need-by")?.due).toBeUndefined();
  one.reopen("11:00");
  expect(one.clock("need-by")).toEqual({ since: "case/3", due: "14:00" });
  expect(one.until("14:01").pages("need-by")[0]).toBe("14:00 northtel.duty");
});

test("⚠ a deadline that passed while the case was solved is due at the reopening", () => {
  const one = opened().resolve("10:00").reopen("16:00").until("16:01");
  expect(one.breaches("need-by")).toEqual(["16:00"]);
});

test("⚠ after a closing, the reopening starts a new incarnation of every unmet obligation", () => {
  const one = opened().command("09:30", {
    type: "promise",
    promiseId: "pr_1",
    text: "a call",
    until: "2026-03-07T13:00:00-05:00",
  });
  one.command("10:00", { type: "close" });
  expect(one.until("10:30").clock("promise/pr_1")?.due).toBeUndefined();
  one.reopen("11:00");
  expect(one.clock("first-response")).toEqual({ since: "case/4", due: "14:00" }); // The clock had counted one of its four hours.
  expect(one.clock("resolution")).toEqual({ since: "case/4", due: "18:00" });
  expect(one.clock("need-by")).toEqual({ since: "case/4", due: "14:00" });
  expect(one.clock("promise/pr_1")).toEqual({ since: "case/4", due: "13:00" });
  expect(one.until("13:01").breaches("promise/pr_1")).toEqual(["13:00"]);
});

test("a clock that does not pause on a resolved case keeps its incarnation", () => {
  const one = opened().resolve("10:00");
  expect(one.clock("first-response")).toEqual({ since: "case/1", due: "13:00" });
  expect(one.reopen("11:00").clock("first-response")).toEqual({ since: "case/1", due: "13:00" });
  expect(one.clock("resolution")).toEqual({ since: "case/3", due: "18:00" });
});

test("after a reopening, a fired warning does not fire again, but a fired breach fires again", () => {
  const one = opened().until("18:00").resolve("18:00").reopen("20:00").until("20:01");
  expect(one.breaches("resolution")).toEqual(["17:00", "20:00"]);
  const warned = one.whole.clockEvents.filter(
    ({ type, data }) => type === "clock.warned" && data.kind === "resolution",
  );
  expect(warned).toHaveLength(2);
});

test("an obligation that was met stays met after a reopening", () => {
  const met = opened().answer("09:30").resolve("10:00").command("11:00", { type: "confirm" }).reopen("12:00");
  expect(met.clock("first-response")).toBeUndefined();
  expect(met.clock("need-by")).toBeUndefined();
  // The fix did not work, so `resolution` starts again with its whole target.
  expect(met.clock("resolution")).toEqual({ since: "case/6", due: "20:00" });
});

test("⚠ a kept promise meets the need-by only if the promise was made for the need-by", () => {
  const deliver = (purpose: object): PlayedCase =>
    opened()
      .command("09:30", {
        type: "promise",
        promiseId: "pr_1",
        text: "keys",
        until: "2026-03-07T13:00:00-05:00",
        ...purpose,
      })
      .command("10:00", { type: "deliver-promise", promiseId: "pr_1", evidence: "signed for" });
  expect(deliver({}).clock("need-by")?.due).toBe("14:00");
  expect(deliver({ for: "need-by" }).clock("need-by")).toBeUndefined();
  const again = deliver({ for: "need-by" }).resolve("11:00").reopen("12:00");
  expect(again.clock("need-by")).toBeUndefined();
});

test("at a reopening the holder's clocks start as they do for a new holder", () => {
  const one = new PlayedCase({ clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }] }).until("10:30");
  one.resolve("10:30").reopen("12:00");
  expect(one.clock("stall.idle")).toEqual({ since: "case/3", due: "14:00" });
});
