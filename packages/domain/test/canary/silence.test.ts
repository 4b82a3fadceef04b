import { expect, test } from "vitest";
import { faultOfReadBack, mergeCases } from "../../src/index.ts";
import { PlayedCase, importer, rep } from "../owed/played.ts";

/* A case of a canary that stays open, because its run died, must wake no person. */

const document = {
  clocks: [
    { kind: "first-response", target: "PT1H", warnAt: [] },
    { kind: "stall.idle", target: "PT2H", warnAt: [] },
    { kind: "resolution", target: "PT4H", warnAt: [] },
  ],
  crossing: [
    { to: "roster:northtel.sales", mode: "ticket", acceptWithin: "PT15M", repeat: 1 },
    { to: "queue:orchard.handheld", mode: "ticket", repeat: 1 },
  ],
  lastResort: ["roster:northtel.duty"],
  triggers: [{ on: "contacts", count: 1, within: "P1D" }],
} as never;
const mark = { canary: { canaryId: "cn_00000000000000000000000001", door: "rest" } } as const;
const opening = { channel: "web", kind: "inquiry" } as const;
const routed = ({ whole }: PlayedCase) => whole.messages.filter(({ topic }) => !/\.(?:case|clock)\./.test(topic));

test("⚠ the clocks of a canary's case breach for two days, and routing publishes nothing", () => {
  const canary = new PlayedCase(document, { ...opening, ...mark }).until("+2 09:00");
  expect(canary.breaches("first-response")).toEqual(["10:00"]);
  expect(canary.breaches("stall.idle").length).toBeGreaterThan(0);
  expect(canary.breaches("resolution")).toEqual(["13:00"]);
  expect(routed(canary)).toEqual([]);
  const customer = new PlayedCase(document, opening).until("+2 09:00");
  expect(routed(customer).map(({ type }) => type)).toContain("roster.paged");
});

test("a person cannot cross a canary's case by hand", () => {
  const canary = new PlayedCase(document, { ...opening, ...mark });
  expect(() => canary.command("09:30", { type: "cross", asOf: 1, observing: false })).toThrow("canary");
});

test("a case of a customer and a case of a canary cannot be merged, because the merged case could page no person", () => {
  const canary = new PlayedCase(document, { ...opening, ...mark }).whole;
  const customer = new PlayedCase(document, { ...opening, id: "cs_00000000000000000000000002" }).whole;
  const merging = {
    reason: "one customer",
    clocks: [],
    contacts: { count: 1, byChannel: {}, lastAt: "2026-03-07T14:00:00Z" },
    entries: [],
    observing: { source: false, target: false },
    promiseId: () => "pr_new",
    entryId: "en_new",
    actor: rep,
  };
  for (const [source, target] of [
    [customer.intake, canary.intake],
    [canary.intake, customer.intake],
  ] as const)
    expect(mergeCases(source, target, merging, canary.now)).toMatchObject({ refused: { code: "illegal_transition" } });
});

test("a program closes the case of a canary, and the first-response clock ends without a breach", () => {
  const canary = new PlayedCase(document, { ...opening, ...mark }).command("09:05", { type: "close" }, importer);
  expect(canary.until("18:00").breaches("first-response")).toEqual([]);
});

test.for([
  ["an open inquiry with a running clock", {}, "running", undefined],
  ["an inquiry outside the open hours", {}, "waiting", undefined],
  ["a closed case", { status: "closed" }, "running", "case-not-open"],
  ["a case of another canary", { canary: { canaryId: "cn_2" } }, "running", "case-not-marked"],
  ["a case without a mark", { canary: undefined }, "running", "case-not-marked"],
  ["a fault", { kind: "fault" }, "running", "case-not-marked"],
  ["a breached clock", {}, "breached", "clock-not-running"],
] as const)("reading back %s", ([, more, state, fault]) => {
  const read = { status: "acknowledged", kind: "inquiry", canary: { canaryId: "cn_1" }, ...more } as const;
  expect(faultOfReadBack("cn_1", { case: read, clocks: [{ kind: "first-response", state }] })).toBe(fault);
  expect(faultOfReadBack("cn_1", { case: read, clocks: [{ kind: "stall.idle", state: "running" }] })).toBeDefined();
});
