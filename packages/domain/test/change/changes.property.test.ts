import fc from "fast-check";
import { expect, test, vi } from "vitest";
import {
  type AnnouncedChange,
  type ChangeOutcome,
  announceChange,
  causesAt,
  confirmChange,
  countReceipts,
  effectUntil,
  isRefused,
  linkOf,
  passDeadline,
  withdrawChange,
} from "../../src/index.ts";
import { propertyRuns } from "../property-runs.ts";

vi.setConfig({ testTimeout: 60_000 });
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const now = Date.parse("2026-03-09T09:00:00Z");
const affected = ["orchard", "southtel", "westtel", "no-such-company"];
const companies = ["northtel", ...affected, "stranger"];
const actorOf = (party: string) => ({ party, person: "p-1", automated: false });

/** A move of the history: a company's command or a task, which can be repeated at any time. */
const move = fc.record({
  afterMs: fc.integer({ min: 0, max: 8 * hourMs }),
  act: fc.oneof(
    fc.record({ is: fc.constant("confirm" as const), party: fc.constantFrom(...companies) }),
    fc.record({ is: fc.constantFrom("remind" as const, "overdue" as const) }),
    fc.record({ is: fc.constant("withdraw" as const), party: fc.constantFrom("northtel", "northtel", "orchard") }),
  ),
});

type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never;

function play(state: AnnouncedChange, { act }: Move, at: number): ChangeOutcome {
  if (act.is === "confirm") return confirmChange(state, actorOf(act.party), at);
  if (act.is === "withdraw") return withdrawChange(state, "the old addresses stay", actorOf(act.party), at);
  return passDeadline(state, act, at);
}

function announced(startsAt: number): AnnouncedChange {
  const content = { title: "t", description: "d", symptoms: ["no-data"], scope: {}, timeline: "wall" };
  const given = { id: "ch_x", ...content, startsAt, kind: "carrier", companies: affected, carriers: [] } as const;
  const outcome = announceChange(given, actorOf("northtel"), now);
  if (isRefused(outcome)) throw new Error(outcome.refused.detail);
  return outcome.state;
}

test("whatever companies and tasks do and repeat, each company is reminded once, is overdue once and confirms once", () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 40 }), fc.integer({ min: -5, max: 10 }), (moves, days) => {
      let state = announced(now + days * dayMs);
      let at = now;
      const told: string[] = [];
      for (const one of moves) {
        at += one.afterMs;
        const outcome = play(state, one, at);
        if (isRefused(outcome)) continue;
        const first = state.sequence + 1;
        expect(outcome.messages.map(({ sequence }) => sequence)).toEqual(
          outcome.messages.map((_, place) => first + place),
        );
        expect(state.withdrawn === undefined || outcome.messages.length === 0).toBe(true);
        ({ state } = outcome);
        const again = play(state, one, at);
        expect(isRefused(again) || again.messages.length === 0).toBe(true);
        const receipts = outcome.messages.flatMap(({ type, data }) => ("company" in data ? [{ type, data }] : []));
        const foreign = receipts.filter(({ data: { companies: to, company } }) =>
          to.some((party) => party !== company && party !== "northtel"),
        );
        expect(foreign).toEqual([]);
        told.push(...receipts.map(({ type, data }) => `${type} ${data.company}`));
      }
      expect(new Set(told).size).toBe(told.length);
      // The receipt is the last event of a company.
      const last = new Map(told.map((one) => [one.split(" ")[1], one]));
      const receiptsLast = told.filter((one) => one.startsWith("change.confirmed"));
      expect(receiptsLast.map((one) => last.get(one.split(" ")[1]))).toEqual(receiptsLast);
      const { confirmed, awaited, overdue } = countReceipts(state);
      expect(confirmed + awaited + overdue).toBe(affected.length);
      expect(confirmed).toBe(told.filter((one) => one.startsWith("change.confirmed")).length);
    }),
    { numRuns: propertyRuns },
  );
});

const models = fc.option(fc.uniqueArray(fc.constantFrom("H1", "H2", "H3"), { minLength: 1 }), { nil: undefined });
const vendors = fc.option(fc.constantFrom("orchard", "quill"), { nil: undefined });

test("a case is linked exactly if the effect of the change includes the instant and the scope includes the device", () => {
  const property = fc.property(
    fc.record({
      vendor: vendors,
      models,
      isListed: fc.option(fc.boolean(), { nil: undefined }),
      device: fc.option(fc.record({ vendor: vendors, model: fc.constantFrom("h1", "H2", "h4") }), { nil: undefined }),
      regions: fc.option(fc.uniqueArray(fc.constantFrom("CA", "CA-ON", "US"), { minLength: 1 }), { nil: undefined }),
      region: fc.constantFrom("CA", "CA-ON", "CA-O", "US-NY", undefined),
      days: fc.integer({ min: -10, max: 10 }),
    }),
    ({ vendor, models: of, isListed, device, regions, region, days }) => {
      const change = announced(now);
      const at = now + days * dayMs;
      const until = effectUntil(change);
      const cause = { link: linkOf(change), from: change.startsAt, until, vendor, models: of, regions, isListed };
      const isDevice = vendor === undefined || vendor === device?.vendor;
      const isModel = of === undefined || of.some((one) => one === device?.model.toUpperCase());
      const outer = region === undefined ? [] : [region, region.slice(0, 2)];
      const isRegion = regions === undefined || regions.some((one) => outer.includes(one));
      const isLinked = isDevice && isModel && isRegion && isListed !== false && days >= 0 && days <= 7;
      expect(causesAt([cause], { device, region }, at)).toEqual(isLinked ? [linkOf(change)] : []);
    },
  );
  fc.assert(property, { numRuns: propertyRuns });
});
