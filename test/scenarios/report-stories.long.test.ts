import { createClient, rebuild, showReport } from "@crossline/cli";
import { type LineDocument, type Report } from "@crossline/contracts";
import { type Database, connect } from "@crossline/postgres";
import { kafkaBrokers, waitFor } from "@crossline/testing";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import type { Story } from "./story.ts";

/*
 * Insight counts the three-hour call of the real services. While insight cannot read or write its tables, a case still crosses. A rebuild
 * gives the same tables.
 */

const line = (vendor: string): LineDocument => ({
  line: "handheld-consumer",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "first-response", target: { live: "PT15M", else: "PT4H" }, warnAt: [] },
    { kind: "stall.busy", target: "PT20M", warnAt: [] },
    { kind: "handling.limit", target: "PT45M", warnAt: [] },
    { kind: "stall.idle", target: "PT2H", warnAt: [] },
  ],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "live-assist", acceptWithin: "PT90S", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
});

let stage: Stage;
let database: Database;
let told: Story;
const hasKafka = (await kafkaBrokers()) !== undefined;

beforeAll(async () => {
  stage = await openStage({ insight: true });
  database = connect({ url: stage.databaseUrl, schema: "insight", applicationName: "reports-test" });
});
beforeAll(async () => {
  told = await stage.story(line);
  await playToFix(told);
});
afterEach(() => void vi.unstubAllEnvs());
afterAll(async () => {
  await database?.close();
  await stage?.close();
});

/** The rep holds the case for twenty minutes, and the vendor needs 45 seconds. */
async function playToFix(story: Story): Promise<void> {
  await playToQueue(story);
  const [handoff] = await story.queue("handheld");
  const handoffId = handoff?.handoffId ?? "";
  const claim = await story.claim("handheld", handoffId);
  await story.accept("handheld", handoffId, claim);
  await story.advance("09:21:15");
  const fix = { token: claim.token, fixCode: "memory-full" };
  await story.cast.vendor.post(`${story.handoffPath("handheld", handoffId)}/resolve`, fix);
  await story.advance("09:21:15");
  await story.cast.carrier.post(`${story.path}/confirm`, {});
}

async function playToQueue(story: Story): Promise<void> {
  await story.open();
  await story.talkUntil("09:20");
  await story.advance("09:20:30");
}

/** Reads a report of the carrier until it counts the cases. */
function reportOf(story: Story, path: string, client = story.cast.carrier): Promise<Report> {
  return waitFor(
    async (): Promise<Report | undefined> => {
      const report = await client.get<Report>(`/v1/reports/${path}&timeline=${story.timeline}`);
      return report.items.length > 0 ? report : undefined;
    },
    { what: path },
  );
}

test("the reports of the three-hour call, for the carrier and for the vendor", async () => {
  const gap = await reportOf(told, "cure-time-gap?by=model");
  expect(gap.items).toMatchObject([
    {
      group: { model: "Handheld 8700" },
      value: (20 * 60 + 30 - 45) * 1_000,
      count: 1,
      parts: { heldMs: (20 * 60 + 30) * 1_000, curedMs: 45_000 },
    },
  ]);
  const held = await reportOf(told, "time-by-holder?by=os");
  expect(held.items.map(({ group, value }) => [group["company"], value])).toEqual([
    [told.cast.carrierName, (20 * 60 + 30) * 1_000],
    [told.cast.vendorName, 45_000],
  ]);
  const accepted = await reportOf(told, "time-to-accept?by=queue", told.cast.vendor);
  expect(accepted.items).toMatchObject([{ group: { queue: `${told.cast.vendorName}.handheld` }, value: 30_000 }]);
  const first = await reportOf(told, "first-contact-resolution?by=channel");
  expect(first.items).toMatchObject([{ value: 0, count: 1 }]);
});

test("the reports of a second carrier and of a second vendor count nothing of the call", async () => {
  await reportOf(told, "time-by-holder?by=os");
  for (const kind of ["carrier", "vendor"] as const) {
    const { client } = await stage.party("stranger", kind);
    type Indicators = { items: { indicator: string }[] };
    const { items } = await waitFor(() => client.get<Indicators>("/v1/reports"), { timeoutMs: 10_000 });
    expect(items.length).toBeGreaterThan(3);
    for (const { indicator } of items)
      expect(await client.get(`/v1/reports/${indicator}?timeline=${told.timeline}`)).toMatchObject({ items: [] });
  }
});

test("the verb report prints a table for people, JSON and CSV", async () => {
  await reportOf(told, "time-by-holder?by=os");
  const options = { url: stage.url, timeline: told.timeline, zone: "UTC", filter: ["model=Handheld 8700"] };
  vi.stubEnv("CROSSLINE_KEY", told.cast.carrierKey);
  const table = await printed(() => showReport("time-by-holder", options));
  expect(table).toMatch(/^ {2}company +value +count$/m);
  expect(table).toMatch(/^ {2}northtel\S* +20 min 30 s +1$/m);
  const json = JSON.parse(await printed(() => showReport("time-by-holder", { ...options, json: true }))) as Report;
  expect(json.items).toHaveLength(2);
  const csv = await printed(() => showReport("time-by-holder", { ...options, csv: true }));
  expect(csv.split("\r\n")[0]).toBe("company,value,unit,count,totalMs,holders");
  expect(await printed(() => showReport(undefined, options))).toContain("first-contact-resolution\n  Counts settled");
  await expect(showReport("time-by-holder", { ...options, filter: ["team=x"] })).rejects.toThrow(
    "team is an unknown field",
  );
});

test("a case crosses while insight's tables are locked, and the reports have it afterwards", async () => {
  const story = await stage.story(line);
  await database.transaction(async (tx) => {
    await tx.query({ text: "lock table reported_case, crossing, holder_change in access exclusive mode" });
    await playToQueue(story);
    expect(await story.queue("handheld")).toHaveLength(1);
  });
  expect((await reportOf(story, "time-to-accept?by=company")).items).toMatchObject([{ count: 1 }]);
});

test.skipIf(!hasKafka)("a rebuild reads the topics again and gives the same tables", async () => {
  await allAreRead();
  const before = await tables();
  vi.stubEnv("INTERNAL_KEY", stage.internalKey);
  const text = await printed(() => rebuild("insight", Number(new URL(stage.url).port)));
  expect(text).toMatch(/^The service insight is rebuilt\. It has read all events before \d{4}-/m);
  expect(await tables()).toBe(before);
  expect(before.split("\n").length).toBeGreaterThan(5);
});

/** Waits until insight has read all events that the services have published before this call. */
async function allAreRead(): Promise<void> {
  const since = new Date().toISOString();
  const internal = createClient(stage.addresses.insight, stage.internalKey);
  await waitFor(
    async () => {
      const { readUntil = "" } = await internal.get<{ readUntil?: string }>("/internal/position");
      return readUntil > since;
    },
    { what: "insight has read all events", timeoutMs: 30_000 },
  );
}

/** Runs a verb that succeeds, and returns its output. */
async function printed(verb: () => Promise<number>): Promise<string> {
  const texts: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => texts.push(String(text)) > 0);
  try {
    expect(await verb()).toBe(0);
  } finally {
    vi.restoreAllMocks();
  }
  return texts.join("");
}

async function tables(): Promise<string> {
  const names = [
    "reported_case",
    "holder_change",
    "crossing",
    "assignment",
    "promise",
    "former_device",
    "timeline_mark",
  ];
  const rows = await Promise.all(
    names.map((name) => database.query<{ row: string }>({ text: `select t::text as row from ${name} t order by 1` })),
  );
  return rows.flatMap((all, index) => [names[index], ...all.map(({ row }) => row)]).join("\n");
}
