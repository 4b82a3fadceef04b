import { describe, expect, test } from "vitest";
import { commandCase, isRefused } from "../../src/index.ts";
import { at } from "../given.ts";
import { PlayedCase, engineer, rep } from "./played.ts";

const planned = {
  clocks: [{ kind: "stall.idle" as const, target: "PT20H", warnAt: [] }],
  needBy: { cure: "PT4H" },
};
const opening = {
  channel: "mail",
  needBy: "2026-03-07T18:00:00-05:00",
  device: { vendor: "orchard", model: "8700" },
} as const;
const opened = () => new PlayedCase(planned, opening);
const correct = (time: string, one: PlayedCase, what: object): PlayedCase =>
  one.command(time, { type: "correct", reason: "mistyped", ...what });
const by = (hour: string) => `2026-03-07T${hour}:00-05:00`;

describe("a correction of the need-by", () => {
  test("a correction can make the need-by later or earlier, and the timer publishes each new deadline", () => {
    const one = correct("10:00", opened(), { needBy: by("20:00") });
    expect(one.clock("need-by")).toEqual({ since: "case/1", due: "16:00" });
    expect(
      correct("11:00", one, { needBy: by("12:00") })
        .until("11:01")
        .breaches("need-by"),
    ).toEqual(["11:00"]);
    const causes = one.whole.clockEvents.flatMap(({ type, data }) => (type === "clock.recomputed" ? [data.cause] : []));
    expect(causes).toEqual(["correction", "correction"]);
  });

  test("after a breach, a correction can make the clock `need-by` breach a second time", () => {
    const one = correct("15:00", opened().until("15:00"), { needBy: by("22:00") });
    expect(one.clock("need-by")?.due).toBe("18:00");
    expect(one.until("18:01").breaches("need-by")).toEqual(["14:00", "18:00"]);
  });

  test("a correction can remove the need-by of a case, or add a need-by to a case without one", () => {
    expect(correct("10:00", opened(), { needBy: null }).clock("need-by")).toBeUndefined();
    const none = new PlayedCase(planned).until("10:00");
    expect(correct("10:00", none, { needBy: by("18:00") }).clock("need-by")?.due).toBe("14:00");
  });

  test("a correction of a resolved case takes effect at the reopening", () => {
    const one = correct("11:00", new PlayedCase(planned).resolve("10:00"), { needBy: by("18:00") });
    expect(one.clock("need-by")?.due).toBeUndefined();
    expect(one.reopen("12:00").clock("need-by")?.due).toBe("14:00");
  });
});

test("intake and routing have the corrected data, and the line does not change", () => {
  const one = correct("10:00", opened(), {
    title: "No signal",
    device: { vendor: "quill", model: "Note 3" },
    symptom: "no-signal",
    subject: { imei: "490154203237518" },
  });
  const { intake, crossing } = one.whole;
  for (const state of [intake, crossing.material])
    expect(state).toMatchObject({
      title: "No signal",
      device: { vendor: "quill", model: "Note 3" },
      symptom: "no-signal",
      subject: { imei: "490154203237518" },
    });
  expect(intake.line).toEqual(one.whole.line.ref);
});

test("only the carrier can correct a case, the case must be open, and the correction must contain data", () => {
  const { intake } = opened().whole;
  const ask = (command: object, actor = rep, state = intake): string => {
    const given = { type: "correct", reason: "mistyped", ...command } as const;
    const outcome = commandCase(state, given, actor, at("10:00"));
    return isRefused(outcome) ? outcome.refused.code : `${outcome.messages.length} messages`;
  };
  expect(ask({ title: "x" }, engineer)).toBe("not_found");
  expect(ask({})).toBe("invalid_request");
  expect(ask({ subject: { imei: "123" } })).toBe("invalid_request");
  expect(ask({ title: "x" }, rep, { ...intake, status: "closed" })).toBe("illegal_transition");
  expect(ask({ title: intake.title, needBy: intake.needBy })).toBe("0 messages");
});

test("a correction that does not name the need-by leaves the need-by unchanged", () => {
  const one = correct("10:00", opened(), { needBy: by("16:00") });
  expect(correct("11:00", one, { title: "No signal" }).clock("need-by")?.due).toBe("12:00");
  const met = opened().command("09:30", {
    type: "promise",
    promiseId: "pr_1",
    text: "x",
    until: by("12:00"),
    for: "need-by",
  });
  met.command("10:00", { type: "deliver-promise", promiseId: "pr_1", evidence: "signed for" });
  expect(correct("11:00", met, { title: "No signal" }).clock("need-by")).toBeUndefined();
});
