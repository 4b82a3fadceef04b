import { type EventType, type ReceivedMessage, eventSchemas, indicatorName } from "@crossline/contracts";
import { type SampleRow, countGroups, readCrossedCases, readSamples, sumOutcomes } from "@crossline/insight/facts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CaseFacts, factsOf } from "./facts.ts";
import { type History, generateHistory } from "./history.ts";
import { endAt, startAt, trainedAt } from "./market.ts";
import { missesOf } from "./misses.ts";
import { countedThings } from "./counted-things.ts";
import { secondIndicator } from "./second-indicators.ts";
import { createFacts, secondCrossedCases, secondOutcomes } from "./second-computation.ts";
import { type CarrierTally, tallyOf } from "./tally.ts";
import { type ReportWorld, createReportWorld } from "./world.ts";

/** Each history has its own timeline, so that one database has all of them. */
const timelines = ["wall", ...["a", "b", "c", "d"].map((digit) => `imp_0000000000000000000000000${digit}`)];
const casesOfHistory = 2_000;

type PlayedHistory = {
  readonly timeline: string;
  readonly market: History["market"];
  readonly facts: readonly CaseFacts[];
  readonly tallies: ReadonlyMap<string, CarrierTally>;
};

let world: ReportWorld;
const histories: PlayedHistory[] = [];

beforeAll(async () => {
  world = await createReportWorld();
  for (const [seed, timeline] of timelines.entries()) {
    const { market, cases } = generateHistory(seed, casesOfHistory, timeline);
    const records = [...cases()];
    // Insight may read the two topics in any order. It reads the hand-off topic of every second history first.
    await world.publish(seed % 2 === 0 ? records.flat() : handoffsFirst(records.flat()));
    const facts = records.map(factsOf);
    const byCarrier = Map.groupBy(facts, (one) => one.facts.carrier);
    const tallies = new Map([...byCarrier].map(([carrier, members]) => [carrier, tallyOf(members)]));
    histories.push({ timeline, market, facts, tallies });
  }
  await createFacts(world.records);
}, 120_000);
afterAll(() => world.stop());

function handoffsFirst(records: readonly ReceivedMessage[]): ReceivedMessage[] {
  return records.toSorted((one, other) => (one.topic < other.topic ? 1 : one.topic > other.topic ? -1 : 0));
}

/** Returns rows in one order, so that two computations can be compared. */
const sorted = (rows: readonly object[]): string[] =>
  rows
    .map((row) => JSON.stringify(Object.entries(row).toSorted(([one], [other]) => (one < other ? -1 : 1))))
    .toSorted();

const carriers = timelines.flatMap((timeline, seed) =>
  ["northtel", "southcell"].map((carrier) => ({ seed, timeline, carrier })),
);
const selectionOf = ({ timeline, carrier }: { readonly timeline: string; readonly carrier: string }) => ({
  timeline,
  carrier,
  from: startAt,
  to: endAt,
  now: endAt,
  filters: {},
});

test("the records of a generated history fit the schemas of their events", () => {
  const types = new Set<string>();
  for (const { type, data } of [...generateHistory(1, 300).cases()].flat()) {
    types.add(type);
    expect(eventSchemas[type as EventType].safeParse(data).error).toBeUndefined();
  }
  expect(types.size).toBeGreaterThanOrEqual(25);
});

describe("five generated histories of 2,000 cases", () => {
  test.each(carriers)(
    "history $seed, $carrier: the reports find what is planted, and nothing else",
    ({ seed, carrier }) => {
      const { market, tallies } = histories[seed] as PlayedHistory;
      const planted = market.carriers.find(({ name }) => name === carrier)?.planted ?? { kind: "nothing" };
      expect(missesOf(tallies.get(carrier) as CarrierTally, planted, carriers.length)).toEqual([]);
    },
  );

  test("the proof reports an effect that the reports do not find, and a finding that is not planted", () => {
    const { market, tallies } = histories[1] as PlayedHistory;
    const [withGaps, trained] = ["northtel", "southcell"].map((carrier) => tallies.get(carrier) as CarrierTally);
    const find = (tally: CarrierTally, planted: Parameters<typeof missesOf>[1]): string[] =>
      missesOf(tally, planted, carriers.length);
    const gap = market.carriers[0]?.planted;
    const [model = { name: "", os: "" }] = market.models;
    expect(find(withGaps as CarrierTally, { kind: "nothing" })).toEqual([
      expect.stringContaining("training gap found but not planted"),
    ]);
    expect(find(trained as CarrierTally, gap ?? { kind: "nothing" }).join("; ")).toMatch(
      /training gap not found.*difference found but not planted/,
    );
    const push = { kind: "push", model: model.name, firstContact: 0.1, reopened: 0.4 } as const;
    expect(find(withGaps as CarrierTally, push).join("; ")).toMatch(
      /outcome not found: .*firstContactResolution lower/,
    );
    const training = { kind: "training", os: model.os, before: 0.3, after: 0.8 } as const;
    expect(find(withGaps as CarrierTally, training).join("; ")).toContain(
      "difference not found: first-contact-resolution",
    );
  });

  test.each(carriers)(
    "history $seed, $carrier: training debt counts the same cases from tables, memory and records",
    async (one) => {
      const expected = sorted(histories[one.seed]?.tallies.get(one.carrier)?.crossed ?? []);
      expect(expected.length).toBeGreaterThan(200);
      expect(sorted(await readCrossedCases(world.insight, selectionOf(one), 10_000))).toEqual(expected);
      expect(sorted(await secondCrossedCases(world.records, one.timeline, one.carrier))).toEqual(expected);
    },
  );

  test.each(carriers)(
    "history $seed, $carrier: outcomes have the same sums from tables, memory and records",
    async (one) => {
      const expected = sorted(histories[one.seed]?.tallies.get(one.carrier)?.outcomes ?? []);
      expect(expected.length).toBe(16);
      expect(sorted(await sumOutcomes(world.insight, selectionOf(one)))).toEqual(expected);
      expect(sorted(await secondOutcomes(world.records, { ...one, asOf: endAt }))).toEqual(expected);
    },
  );
});

const indicators = indicatorName.options.map((indicator) => ({ indicator }));
const grouping = { by: ["os", "company", "code"] as const, period: undefined, zone: "UTC" };

describe.each(indicators)("$indicator of every history and carrier", ({ indicator }) => {
  const by = grouping.by.filter(
    (name) => name === "os" || (name === "company" ? indicator === "time-by-holder" : indicator === "returns-by-code"),
  );

  test("the table has the same numbers as plain SQL over the records", async () => {
    for (const one of carriers) {
      const selection = { ...selectionOf(one), indicator, party: one.carrier, isVendor: false };
      const { rows } = await countGroups(world.insight, selection, { ...grouping, by }, 1_000);
      const found = rows.map(({ os, company, code, count, sum, median, otherMedian }) => ({
        os,
        company,
        code,
        count,
        sum,
        median,
        otherMedian,
      }));
      expect(found.length).toBeGreaterThan(1);
      expect(sorted(found)).toEqual(sorted(await secondIndicator(world.records, indicator, { ...one, asOf: endAt })));
    }
  });
});

test.each(Object.entries(countedThings))(
  "%s before and after the training date has the same values from tables and memory",
  async (name, things) => {
    const indicator = indicatorName.parse(name);
    for (const one of carriers) {
      const selection = { ...selectionOf(one), indicator, party: one.carrier, isVendor: false };
      const rows = await readSamples(world.insight, selection, { date: trainedAt }, 100_000);
      const facts = histories[one.seed]?.facts.filter((each) => each.facts.carrier === one.carrier) ?? [];
      const counted = facts.filter((each) => !each.facts.isCanary && !each.facts.isMerged).flatMap(things);
      const expected = counted.map(({ at, value, other }) => ({
        isAfter: at >= trainedAt,
        value,
        other: other ?? null,
      }));
      expect(sorted(rows.flatMap(repeatRow))).toEqual(sorted(expected));
    }
  },
);

function repeatRow({ count, ...row }: SampleRow): object[] {
  return Array.from({ length: count }, () => row);
}
