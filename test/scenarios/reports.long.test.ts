import { type LineDocument, type ReceivedMessage, type Report, indicatorName, topics } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateHistory } from "../reports/history.ts";
import { playOverRest } from "../reports/rest.ts";
import { createFacts } from "../reports/second-computation.ts";
import { type SecondRow, secondIndicator } from "../reports/second-indicators.ts";
import { openRecords, storeRecords } from "../reports/world.ts";
import { type Stage, openStage } from "./stage.ts";
import type { Story } from "./story.ts";
import type { Witness } from "./witness.ts";

/*
 * A generated history goes through all services over REST. A second computation in plain SQL, over the records that a witness read from the
 * topics, gives the same values as insight.
 */

const line = (vendor: string): LineDocument => ({
  line: "handheld",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "P30D", warnAt: [] }],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "ticket", acceptWithin: "P10D", repeat: 3 }],
  lastResort: ["https://duty.northtel.example/"],
});
const openedAt = Date.parse("2026-03-07T14:30:00Z");
const casesMax = 24;

let stage: Stage;
let story: Story;
let witness: Witness;
let records: Database;
let accepted: ReadonlyMap<string, number>;

beforeAll(async () => {
  stage = await openStage({ insight: true });
  witness = await stage.witness(topics.case, topics.handoff);
  story = await stage.story(line);
  const cases = [...generateHistory(2, 400).cases()].filter(isPlayable).slice(0, casesMax).map(soon);
  const { carrier, vendor, vendorName } = story.cast;
  accepted = await playOverRest({ carrier, vendor, vendorName, line: "handheld", timeline: story.timeline }, cases);
  records = await openRecords(stage.databaseUrl);
  const own = (): ReceivedMessage[] =>
    witness.records.filter(({ timeline, key }) => timeline === story.timeline && key.startsWith("cs_"));
  // The services are caught up, so the topics have all records. The witness may need a moment to read them.
  await waitFor(() => witness.isAtEnd(), { timeoutMs: 20_000 });
  await storeRecords(records, own());
  await createFacts(records);
}, 120_000);
afterAll(async () => {
  await records?.close();
  await witness?.stop();
  await stage?.close();
});

/** Cases of one carrier without duplicates, pools, lapsed offers and transfers, which the companies do not command. */
function isPlayable(all: readonly ReceivedMessage[]): boolean {
  const [first] = all;
  const { carrier, canary } = (first?.data ?? {}) as { carrier?: string; canary?: object };
  const excluded = /^(?:pool\.|case\.merged|case\.moved|case\.corrected|handoff\.lapsed|handoff\.transferred)/;
  return carrier === "northtel" && canary === undefined && !all.some(({ type }) => excluded.test(type));
}

/** Moves a case so that each case opens ten minutes after the previous one. Its other times keep their distance. */
function soon(all: readonly ReceivedMessage[], place: number): ReceivedMessage[] {
  const shift = openedAt + place * 600_000 - (all[0]?.time ?? 0);
  return all.map((record) => {
    const data = record.data as { until?: string };
    const moved =
      data.until === undefined ? data : { ...data, until: new Date(Date.parse(data.until) + shift).toISOString() };
    return { ...record, time: record.time + shift, data: moved };
  });
}

test("the services accept the commands of the history", () => {
  const types = [
    "case.opened",
    "case.contacted",
    "case.resolved",
    "case.confirmed",
    "promise.made",
    "promise.delivered",
  ];
  const crossings = ["handoff.offered", "handoff.accepted", "handoff.resolved"];
  for (const type of [...types, ...crossings]) expect([...accepted.keys()]).toContain(type);
  expect(accepted.get("case.opened")).toBe(casesMax);
});

describe.each(indicatorName.options.map((indicator) => ({ indicator })))("$indicator", ({ indicator }) => {
  test("insight gives the same values as plain SQL over the records of the topics", async () => {
    const by = [
      "os",
      ...(indicator === "time-by-holder" ? ["company"] : []),
      ...(indicator === "returns-by-code" ? ["code"] : []),
    ];
    const { mark } = await story.cast.carrier.get<{ mark: string }>(`/v1/timelines/${story.timeline}`);
    const second = await secondIndicator(records, indicator, {
      timeline: story.timeline,
      carrier: story.cast.carrierName,
      asOf: Date.parse(mark),
    });
    const expected = second.map((row) => ({
      os: row.os,
      company: row.company,
      code: row.code,
      count: row.count,
      value: valueOf(indicator, row),
    }));
    const read = async () => {
      const report = await story.cast.carrier.get<Report>(
        `/v1/reports/${indicator}?by=${by.join(",")}&timeline=${story.timeline}`,
      );
      return report.items.map(({ group: { os = null, company = null, code = null }, count, value }) => ({
        os,
        company,
        code,
        count,
        value,
      }));
    };
    // Insight reads the topics after the other services, so the last records can be missing for a moment.
    await waitFor(async () => JSON.stringify(sorted(await read())) === JSON.stringify(sorted(expected)), {
      timeoutMs: 10_000,
    }).catch(() => {});
    expect(sorted(await read())).toEqual(sorted(expected));
  });
});

test("outcomes and training debt count the cases of the history", async () => {
  const { carrier } = story.cast;
  const { items } = await carrier.get<{ items: { model: string; cases: number }[] }>(
    `/v1/reports/outcomes?timeline=${story.timeline}`,
  );
  const [counted] = await records.query<{ cases: number }>({
    text: "select count(*)::integer as cases from fact where device ->> 'model' is not null",
  });
  expect(items.reduce((sum, { cases }) => sum + cases, 0)).toBe(counted?.cases);
  expect(await carrier.get(`/v1/reports/training-debt?timeline=${story.timeline}`)).toMatchObject({
    state: "not-enough-cases",
    items: [],
  });
});

test("a vendor reads no report about the carrier", async () => {
  for (const report of ["training-debt", "outcomes", "first-contact-resolution"])
    await expect(story.cast.vendor.get(`/v1/reports/${report}?timeline=${story.timeline}`)).rejects.toThrow(/40[34]/);
});

function valueOf(indicator: string, { count, sum, median, otherMedian }: SecondRow): number | null {
  if (indicator === "returns-by-code") return count;
  if (indicator === "cure-time-gap") return median === null || otherMedian === null ? null : median - otherMedian;
  return indicator.startsWith("time-") ? median : (sum ?? 0) / count;
}

function sorted<
  T extends { readonly os: string | null; readonly company: string | null; readonly code: string | null },
>(rows: readonly T[]): T[] {
  return rows.toSorted((one, other) =>
    `${one.os} ${one.company} ${one.code}` < `${other.os} ${other.company} ${other.code}` ? -1 : 1,
  );
}
