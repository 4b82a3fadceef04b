import { describe, expect, test } from "vitest";
import type { PresentedCase } from "@crossline/contracts";
import { offeredCommands } from "../src/case/commands/offered.ts";
import { instantOf, localTime } from "../src/ui/form-command.ts";
import { giveItem } from "../src/case/dossier/give.ts";
import { caseSearch } from "../src/case/search.ts";
import { journalRows } from "../src/case/journal/journal-rows.ts";
import type { Fact } from "../src/case/journal/use-journal.ts";
import { markedParts } from "../src/ui/marked-parts.ts";
import { promiseStateText } from "../src/case/promises/promise-state.ts";
import { exactText, idleText, latenessText } from "../src/case/words.ts";
import { reasonsOf } from "../src/case/why.ts";

const shown = {
  id: "cs_01jnrf4v2k8q6t0w3y5b7d9e1g",
  carrier: "northtel",
  holder: "northtel",
  status: "inProgress",
  severity: "major",
  version: 7,
  lastResortCalls: 0,
  crossingRequested: false,
  crossedTo: ["orchard"],
  device: { vendor: "orchard", model: "Handheld 8700" },
  subject: { imei: "490154203237518", name: "A. Customer" },
} as unknown as PresentedCase;

const offered = (more: Partial<PresentedCase>, party = "northtel", scopes = ["read", "cases"]): readonly string[] =>
  offeredCommands({
    shown: { ...shown, ...more },
    handoffs: undefined,
    me: { party, scopes: scopes as ("read" | "cases")[] },
    now: 0,
    zone: "UTC",
  }).map(({ name }) => name);

describe("the offered commands", () => {
  test("of a carrier with an open case include the crossing, but no confirmation", () => {
    const commands = offered({});
    expect(commands).toEqual(
      expect.arrayContaining(["entry", "cross", "promise", "message", "solve", "pause", "close"]),
    );
    expect(commands).not.toContain("confirm");
    expect(commands).not.toContain("reopen");
    expect(commands).not.toContain("take");
  });

  test("begin with the take while the last resort rings, and leave out the crossing", () => {
    const commands = offered({ lastResortCalls: 2 });
    expect(commands[0]).toBe("take");
    expect(commands).not.toContain("cross");
  });

  test("have the answer only while the vendor's question is open", () => {
    const handoff = { id: "ho_1", vendor: "orchard", queue: "orchard.handheld" } as const;
    expect(offered({ handoff: { ...handoff, phase: "info-requested" } })[0]).toBe("answer");
    expect(offered({ handoff: { ...handoff, phase: "claimed" } })).not.toContain("answer");
  });

  test("of a resolved case are its confirmation and its reopening, and no change of severity", () => {
    const commands = offered({ status: "resolved" });
    expect(commands).toEqual(expect.arrayContaining(["confirm", "reopen", "close"]));
    expect(commands).not.toContain("severity");
    expect(commands).not.toContain("solve");
  });

  test("of a merged case have no reopening", () => {
    expect(offered({ status: "closed", mergedInto: "cs_2" })).not.toContain("reopen");
  });

  test("of a joint case need the root cause before it closes", () => {
    const joint = { since: "", returns: 2, parties: ["northtel", "orchard"], persons: [] };
    expect(offered({ joint })).not.toContain("close");
    expect(offered({ joint, rootCause: "The register" })).toContain("close");
  });

  test("of a vendor that holds the case have no message, no crossing and no closing", () => {
    const commands = offered({ holder: "orchard" }, "orchard");
    expect(commands).toEqual(expect.arrayContaining(["entry", "promise", "severity", "pause"]));
    for (const name of ["message", "cross", "close", "cancel", "solve"]) expect(commands).not.toContain(name);
  });

  test("of an auditor and of a former vendor are none", () => {
    expect(offered({}, "northtel", ["read"])).toEqual([]);
    expect(offered({}, "orchard")).toEqual([]);
  });
});

describe("a missing item", () => {
  const situation = {
    shown,
    handoffs: undefined,
    me: { party: "northtel", scopes: ["cases" as const] },
    now: 0,
    zone: "UTC",
  };
  const bodyOf = (item: string, value: string, party = "northtel") =>
    giveItem({ ...situation, me: { ...situation.me, party } }, item)?.requestOf({ value });

  test("is a fact with its name", () => {
    expect(bodyOf("activation-code", "ABC-123")).toEqual({
      path: `/v1/cases/${shown.id}/entries`,
      body: { kind: "fact", fact: { name: "activation-code", value: "ABC-123" }, audience: "partners" },
    });
  });

  test("of the device is a correction that repeats the other fields", () => {
    expect(bodyOf("device.os", "4.2")?.body).toMatchObject({
      device: { vendor: "orchard", model: "Handheld 8700", os: "4.2" },
    });
    expect(bodyOf("device.os", "4.2", "orchard")?.body).toMatchObject({ fact: { name: "device-os" } });
  });

  test("of the customer never becomes a fact, which no erasure could remove", () => {
    expect(bodyOf("subject.name", "B")).toBeUndefined();
    expect(bodyOf("subject.esn", "1", "orchard")).toBeUndefined();
    expect(bodyOf("subject.esn", "1")?.body).toMatchObject({ subject: { imei: "490154203237518", esn: "1" } });
  });
});

const fact = (number: number, type: string, more: Partial<Fact> = {}): Fact => ({
  number,
  id: `case/${number}`,
  at: `2026-03-07T14:${String(number).padStart(2, "0")}:00Z`,
  topic: "case",
  sequence: number,
  type,
  text: type,
  data: {},
  ...more,
});

describe("the journal", () => {
  const facts = [
    fact(1, "case.opened"),
    fact(2, "handling.continued", { actor: { party: "northtel", person: "rep-17" } }),
    fact(3, "handling.continued", { actor: { party: "northtel", person: "rep-17" } }),
    fact(4, "clock.warned", { topic: "clock" }),
    fact(5, "handling.continued", { actor: { party: "northtel", person: "rep-17" } }),
    fact(6, "entry.added", { actor: { party: "northtel", person: "rep-17", automated: false } }),
    fact(7, "message.written", { actor: { party: "northtel", person: "rep-17", automated: false } }),
  ];
  const shownIn = (filter: Parameters<typeof journalRows>[1], until?: string) =>
    journalRows(facts, filter, until === undefined ? undefined : Date.parse(until)).map(({ fact: { number }, beats }) =>
      beats === 1 ? number : [number, beats],
    );

  test("joins heartbeats that follow each other", () => {
    expect(shownIn("all")).toEqual([1, [2, 2], 4, 5, 6, 7]);
  });

  test("filters by people, clocks and messages", () => {
    expect([shownIn("people"), shownIn("clocks"), shownIn("messages")]).toEqual([[6, 7], [4], [7]]);
  });

  test("as of an instant leaves out the later facts", () => {
    expect(shownIn("all", "2026-03-07T14:04:00Z")).toEqual([1, [2, 2], 4]);
  });
});

test("a crossing by a clock says which clock, its target, its lateness, the silence and the step", () => {
  const crossing = {
    step: 0,
    attempt: 0,
    queue: "orchard.handheld",
    mode: "live-assist",
    reason: "clock",
    cause: { clock: "stall.busy", threshold: 100, dueAt: "2026-03-07T14:20:00Z", firedAt: "2026-03-07T14:20:00.005Z" },
  } as Parameters<typeof reasonsOf>[0];
  const clocks = [
    {
      clock: "stall.busy",
      kind: "stall.busy",
      charged: "northtel",
      startedAt: "2026-03-07T14:00:00Z",
      targetMs: 1_200_000,
      thresholds: [{ percent: 100, firedAt: "2026-03-07T14:20:00.005Z" }],
    },
  ] as unknown as Parameters<typeof reasonsOf>[1]["clocks"];
  const format = (at: string): string => at.slice(11, 19);
  expect(reasonsOf(crossing, { clocks, steps: 2, format })).toEqual([
    "The clock stall.busy reached its target of 20 min at 14:20:00, and fired 5 ms later.",
    "northtel made no progress since 14:00:00.",
    "Step 1 of 2: the queue orchard.handheld with the customer live.",
  ]);
});

test("the address keeps an instant, and leaves out another text", () => {
  expect(caseSearch({ at: "2026-03-07T09:10:00-05:00", timeline: "stp_1" })).toEqual({
    at: "2026-03-07T09:10:00-05:00",
    timeline: "stp_1",
  });
  expect(caseSearch({ at: "yesterday" })).toEqual({});
});

test("a local time of a form is in the zone of the form", () => {
  expect(instantOf("2026-03-07T09:20", "America/Toronto")).toBe("2026-03-07T14:20:00Z");
  expect(localTime(Date.parse("2026-03-07T14:20:00Z"), "America/Toronto")).toBe("2026-03-07T09:20");
  expect(instantOf("", "UTC")).toBeUndefined();
});

test("an open promise is broken after its window", () => {
  const until = "2026-03-07T14:20:00Z";
  expect(promiseStateText({ state: "open", until }, Date.parse(until)).text).toBe("open");
  expect(promiseStateText({ state: "open", until }, Date.parse(until) + 1).text).toBe("broken");
});

test("a place that two marks cover is shown once", () => {
  const parts = markedParts("you broke it", [
    { from: 4, to: 9 },
    { from: 0, to: 6 },
  ]);
  expect(parts.map(({ part, isMarked }) => [part, isMarked])).toEqual([
    ["you br", true],
    ["oke", true],
    [" it", false],
  ]);
});

test.each([
  [1_200_000, "20 min"],
  [1_230_000, "20 min 30 s"],
  [7_200_000, "2 h"],
])("%i ms is exactly %s", (ms, text) => expect(exactText(ms)).toBe(text));

test("idle stretches and latenesses are short", () => {
  expect([idleText(50_400_000), idleText(19_800_000), idleText(259_200_000)]).toEqual(["14 h", "~6 h", "3 d"]);
  expect([latenessText(0), latenessText(5), latenessText(1_500)]).toEqual([
    "at the deadline",
    "5 ms later",
    "1.5 s later",
  ]);
});
