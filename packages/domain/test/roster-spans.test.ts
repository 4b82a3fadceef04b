import { type RosterDocument, formatInstant, parseInstant } from "@crossline/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareDuty, onDuty, planDuty, recountWarnings } from "../src/index.ts";

const people = ["ada", "ben", "cem"].map((id) => ({ id, name: id, mail: `${id}@northtel.example` }));
const turns = { turn: "daily" as const, handover: "09:00", zone: "America/Toronto" };
const layer = { ...turns, start: "2026-03-02", order: ["ada", "ben"] };
const roster: RosterDocument = { roster: "duty", people, rotation: [layer] };
const monday = parseInstant("2026-03-02T14:00:00Z");
const dayMs = 86_400_000;

const compared = (proposed: RosterDocument, days = 4, published = roster) =>
  compareDuty({ roster: published }, { roster: proposed }, { from: monday, to: monday + days * dayMs });
const changesAt = (proposed: RosterDocument) => {
  const { changesAt: at } = compared(proposed);
  return at === undefined ? undefined : formatInstant(at);
};

describe("a comparison of two rosters", () => {
  test("the comparison finds no difference between equal rosters, and has a span for each turn", () => {
    const { spans, ...rest } = compared(roster);
    expect(rest).toEqual({ to: monday + 4 * dayMs });
    expect(spans.map(({ before, after, differs }) => [before["layer-1"], after["layer-1"], differs])).toEqual(
      ["ada", "ben", "ada", "ben"].map((id) => [id, id, false]),
    );
  });

  test("⚠ a new person in the order changes turns at once, and a new person in a new period only from its first date on", () => {
    const order = ["ben", "ada", "cem"];
    expect(changesAt({ ...roster, rotation: [{ ...layer, order }] })).toBe("2026-03-02T14:00:00Z");
    const { start: _, ...old } = layer;
    const periods = [
      { ...old, from: "2026-03-02" },
      { ...old, from: "2026-03-04", order },
    ];
    expect(changesAt({ ...roster, rotation: [{ name: "layer-1", periods }] })).toBe("2026-03-04T14:00:00Z");
  });

  test("the comparison finds the same people in a renamed layer", () => {
    const { changesAt: at, spans } = compared({ ...roster, rotation: [{ ...layer, name: "primary" }] });
    expect(at).toBeUndefined();
    expect(spans[0]).toMatchObject({ before: { "layer-1": "ada" }, after: { primary: "ada" } });
  });

  test("the comparison finds an override only between the two instants of the override", () => {
    const window = { from: "2026-03-03T18:00:00-05:00", to: "2026-03-03T20:00:00-05:00" };
    const differing = compared({ ...roster, overrides: [{ ...window, person: null }] }).spans.filter(
      (one) => one.differs,
    );
    expect(differing).toEqual([
      {
        from: parseInstant(window.from),
        to: parseInstant(window.to),
        before: { "layer-1": "ben" },
        after: { "layer-1": null },
        differs: true,
      },
    ]);
  });

  test("the comparison ends at a limit of 2,000 queries, and returns the instant at which it ended", () => {
    const hour = (nth: number) => formatInstant(monday + nth * 3_600_000);
    const overrides = Array.from({ length: 150 }, (_, nth) => ({ from: hour(nth), to: hour(nth + 1), person: "ada" }));
    const often = { ...roster, rotation: Array.from({ length: 10 }, () => layer), overrides };
    const { to, spans } = compared(often, 8, often);
    expect(to).toBe(monday + 100 * 3_600_000); // 100 spans, with ten layers in each of two rosters, make 2,000 queries.
    expect(spans.at(-1)?.to).toBe(to);
  });
});

test("at each instant the spans name the people on duty", () => {
  const id = fc.constantFrom("ada", "ben", "cem");
  const time = fc.constantFrom("00:00", "02:30", "09:00", "18:00");
  const zone = fc.constantFrom("America/Toronto", "Asia/Kolkata");
  const period = fc.record({
    turn: fc.constantFrom("daily", "weekly"),
    handover: time,
    zone,
    order: fc.array(id, { minLength: 1, maxLength: 4 }),
    from: fc.constantFrom("2026-02-20", "2026-03-03", "2026-03-07"),
    hours: fc.option(fc.constant({ mon: ["09:00-17:00"], sat: ["22:00-24:00"], sun: ["00:00-03:30"] }), {
      nil: undefined,
    }),
  });
  const hour = (nth: number) => formatInstant(monday + nth * 3_600_000);
  const override = fc
    .tuple(fc.nat(200), fc.integer({ min: 1, max: 30 }), fc.option(id), fc.constantFrom(undefined, "a", "b"))
    .map(([from, hours, person, name]) => ({
      from: hour(from),
      to: hour(from + hours),
      person,
      ...(name && { layer: name }),
    }));
  const document = fc.record({
    roster: fc.constant("duty"),
    people: fc.constant(people),
    rotation: fc
      .tuple(fc.array(period, { minLength: 1, maxLength: 3 }), fc.array(period, { minLength: 1, maxLength: 3 }))
      .map(([a, b]) => [
        { name: "a", periods: a },
        { name: "b", periods: b },
      ]),
    overrides: fc.array(override, { maxLength: 2 }),
    swaps: fc.constantFrom([], [{ from: hour(30), to: hour(90), between: ["ada", "cem"] }]),
  });
  fc.assert(
    fc.property(document, fc.array(fc.nat(8 * 96 - 1), { minLength: 5, maxLength: 15 }), (any, quarters) => {
      const one = any as unknown as RosterDocument;
      const { spans } = compareDuty({ roster: one }, { roster: one }, { from: monday, to: monday + 8 * dayMs });
      for (const quarter of quarters) {
        const at = monday + quarter * 900_000;
        const span = spans.filter(({ from, to }) => from <= at && at < to);
        const seats = new Set(Object.values(span[0]?.after ?? {}).filter((seat) => seat !== null));
        expect([span.length, ...seats]).toEqual([1, ...onDuty(one, at, true).map((person) => person.id)]);
      }
    }),
    { numRuns: 60 },
  );
});

describe("a roster that was published when each day was a turn", () => {
  const nine = ["09:00-17:00"];
  const office = {
    ...layer,
    order: ["ada", "ben", "cem"],
    hours: { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine },
  };

  test("if the turns of a roster now count differently, a warning names the first changed instant and both people", () => {
    const warnings = [...recountWarnings({ ...roster, rotation: [layer, office] }, monday)];
    expect(warnings).toEqual([
      { at: "/rotation/1", message: expect.stringContaining("2026-03-09T13:00:00Z, cem is on duty instead of ben") },
    ]);
  });

  test("the roster causes no warning if its turns do not change, or if an override covers the difference", () => {
    const window = { from: "2026-03-07T00:00:00-05:00", to: "2027-03-07T00:00:00-05:00" };
    expect([...recountWarnings(roster, monday)]).toEqual([]);
    expect([
      ...recountWarnings({ ...roster, rotation: [office], overrides: [{ ...window, person: "ada" }] }, monday),
    ]).toEqual([]);
  });
});

describe("the plan of a roster", () => {
  const hours = { mon: ["09:00-17:00"], tue: ["09:00-17:00"] };
  const window = { from: monday, to: monday + 3 * dayMs };
  const shown = ({ from, to }: { readonly from: number; readonly to: number }) => [
    formatInstant(from),
    formatInstant(to),
  ];

  test("has one shift for each turn of a layer, and a gap while every layer is empty", () => {
    const second = { ...layer, name: "night", order: ["cem"], hours: { mon: ["20:00-22:00"] } };
    const { shifts, coverage, to } = planDuty({ ...roster, rotation: [{ ...layer, hours }, second] }, window);
    expect(to).toBe(window.to);
    expect(shifts.map((shift) => [shift.layer, shift.person, ...shown(shift)])).toEqual([
      ["layer-1", "ada", "2026-03-02T14:00:00Z", "2026-03-02T22:00:00Z"],
      ["night", "cem", "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z"],
      ["layer-1", "ben", "2026-03-03T14:00:00Z", "2026-03-03T22:00:00Z"],
    ]);
    expect(coverage.map((span) => [span.isCovered, ...shown(span)])).toEqual([
      [true, "2026-03-02T14:00:00Z", "2026-03-02T22:00:00Z"],
      [false, "2026-03-02T22:00:00Z", "2026-03-03T01:00:00Z"],
      [true, "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z"],
      [false, "2026-03-03T03:00:00Z", "2026-03-03T14:00:00Z"],
      [true, "2026-03-03T14:00:00Z", "2026-03-03T22:00:00Z"],
      [false, "2026-03-03T22:00:00Z", "2026-03-05T14:00:00Z"],
    ]);
  });

  test("agrees with the people on duty at every hour", () => {
    const override = { from: "2026-03-03T18:00:00Z", to: "2026-03-03T20:00:00Z", person: null };
    const document = { ...roster, rotation: [layer, { ...layer, order: ["cem"], hours }], overrides: [override] };
    const { shifts, coverage } = planDuty(document, window);
    for (let at = window.from; at < window.to; at += 3_600_000) {
      const holds = ({ from, to }: { readonly from: number; readonly to: number }) => from <= at && at < to;
      const expected = new Set(onDuty(document, at, true).map(({ id }) => id));
      expect(new Set(shifts.filter(holds).map(({ person }) => person))).toEqual(expected);
      expect(coverage.filter(holds).map(({ isCovered }) => isCovered)).toEqual([expected.size > 0]);
    }
  });
});
