import { createClient, searchCases, showBoard, showClocks, showJournal, watchRows } from "@crossline/cli";
import {
  type BoardPage,
  type ClockHistoryResponse,
  type JournalPage,
  type LineDocument,
  formatInstant,
  parseInstant,
} from "@crossline/contracts";
import { type Database, connect } from "@crossline/postgres";
import { kafkaBrokers, waitFor } from "@crossline/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type EventSource, openStream } from "./event-source.ts";
import { type Stage, openStage } from "./stage.ts";
import { type Story, instant } from "./story.ts";

/*
 * The console shows the three-hour call of the real services: its journal, its clocks at every instant, and the boards of both companies.
 * While the console cannot write its tables, a case still crosses. A rebuild gives the same rows.
 */

const line = (vendor: string): LineDocument => ({
  line: "handheld-consumer",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "first-response", target: { live: "PT15M", else: "PT4H" }, warnAt: [] },
    { kind: "stall.busy", target: "PT20M", warnAt: [50] },
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
  stage = await openStage({ console: true });
  database = connect({ url: stage.databaseUrl, schema: "console", applicationName: "console-test" });
});
beforeAll(async () => {
  told = await stage.story(line);
  await told.open({
    title: "Marker title without signal",
    subject: { name: "A. Customer", msisdn: "+1 416 555 0100", customerId: "C-77" },
  });
  await told.write({ kind: "note", text: "marker-internal", audience: "internal" });
  await told.write({ kind: "note", text: "The screen stays dark" });
  await told.talkUntil("09:20");
  await told.advance("09:20:30");
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
afterAll(async () => {
  await database?.close();
  await stage?.close();
});

type Reader = "carrier" | "vendor";

/** Returns a time of Toronto as responses have it. */
const utc = (time: string): string => formatInstant(parseInstant(instant(time)));

const journalOf = (story: Story, reader: Reader): Promise<JournalPage> =>
  story.cast[reader].get<JournalPage>(`${story.path}/journal?limit=100`);
const boardOf = (story: Story, reader: Reader, more = ""): Promise<BoardPage> =>
  story.cast[reader].get<BoardPage>(`/v1/board?timeline=${story.timeline}${more}`);

/** Waits until the journal has a fact of this type. */
async function untilFact(story: Story, type: string): Promise<JournalPage> {
  return waitFor(
    async () => {
      const journal = await journalOf(story, "carrier");
      return journal.items.some((item) => item.type === type) ? journal : undefined;
    },
    { what: type },
  );
}

describe("the journal", () => {
  test("has every fact that the carrier may read, with its words and a sentence", async () => {
    const { items } = await untilFact(told, "handoff.offered");
    const types = items.map(({ type }) => type);
    expect(types).toEqual(
      expect.arrayContaining(["case.opened", "handling.started", "clock.warned", "clock.breached", "handoff.offered"]),
    );
    expect(items[0]).toMatchObject({
      number: 1,
      at: utc("09:00"),
      type: "case.opened",
      text: `${told.cast.carrierName} opened the case.`,
      data: { title: "Marker title without signal", subject: { name: "A. Customer" } },
    });
    expect(items.find(({ type }) => type === "clock.breached")?.text).toBe("The clock stall.busy breached.");
    expect(items.map(({ number }) => number)).toEqual(items.map((_, index) => index + 1));
  });

  test("is the whole shared history for the vendor, without internal entries of the carrier", async () => {
    await untilFact(told, "handoff.offered");
    const own = await journalOf(told, "vendor");
    expect(own.items[0]?.type).toBe("case.opened");
    expect(JSON.stringify(own)).not.toContain("marker-internal");
    expect(JSON.stringify(own)).toContain("The screen stays dark");
    const sequences = own.items.filter(({ topic }) => topic === "case").map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  });

  test("does not exist for a company without a part in the case", async () => {
    const stranger = await stage.party("southtel", "carrier");
    for (const path of ["journal", "clock-history"])
      await expect(stranger.client.get(`${told.path}/${path}`)).rejects.toMatchObject({
        status: 404,
        code: "not_found",
      });
  });

  test("comes in pages", async () => {
    const all = await journalOf(told, "carrier");
    const first = await told.cast.carrier.get<JournalPage>(`${told.path}/journal?limit=3`);
    const second = await told.cast.carrier.get<JournalPage>(`${told.path}/journal?limit=100&after=${first.next}`);
    expect([...first.items, ...second.items]).toEqual(all.items);
  });
});

describe("the history of the clocks", () => {
  const historyOf = (at?: string): Promise<ClockHistoryResponse> =>
    told.cast.carrier.get(`${told.path}/clock-history${at === undefined ? "" : `?at=${instant(at)}`}`);

  test("shows each clock, who started and ended it, and equals the timer's clocks", async () => {
    await untilFact(told, "handoff.offered");
    const { clocks } = await historyOf();
    expect(clocks.find(({ clock }) => clock === "stall.busy")).toMatchObject({
      state: expect.stringMatching(/breached|ended/) as string,
      startedBy: { type: "handling.started", topic: "case" },
      endedBy: { type: "handoff.offered", topic: "handoff" },
      provisional: true, // No clock event has followed the offer.
      thresholds: [
        { percent: 50, firedAt: utc("09:10") },
        { percent: 100, firedAt: utc("09:20") },
      ],
    });
    const now = await told.cast.carrier.get<{ clocks: { clock: string; incarnation: string; thresholds: unknown }[] }>(
      `${told.path}/clocks`,
    );
    for (const { clock, incarnation, thresholds } of now.clocks)
      expect(clocks.find((one) => one.clock === clock && one.incarnation === incarnation)?.thresholds).toEqual(
        thresholds,
      );
  });

  test("can be read for an earlier instant", async () => {
    const then = await historyOf("09:05");
    expect(then.at).toBe(utc("09:05"));
    expect(then.holder).toBe(told.cast.carrierName);
    expect(then.clocks.find(({ clock }) => clock === "stall.busy")).toMatchObject({
      state: "running",
      countedMs: 300_000,
    });
    await expect(historyOf("08:00")).rejects.toMatchObject({ code: "invalid_request" });
  });
});

describe("the boards", () => {
  test("show the case to the carrier and the offer to the vendor, with the next deadline, in one call", async () => {
    await untilFact(told, "handoff.offered");
    const offered = await waitFor(async () => {
      const page = await boardOf(told, "vendor", "&scope=handoffs&sort=due");
      return page.items[0]?.phase === "offered" ? page : undefined;
    });
    expect(offered).toMatchObject({ total: 1, counts: { phase: { offered: 1 }, severity: { major: 1 } } });
    expect(offered.items[0]).toMatchObject({
      id: told.caseId,
      title: "Marker title without signal",
      queue: `${told.cast.vendorName}.handheld`,
      due: { clock: "vendor.acceptance", at: utc("09:21:30"), charged: told.cast.vendorName },
    });
    expect(offered.items[0]).not.toHaveProperty("person");
    const own = await boardOf(told, "carrier");
    expect(own.items[0]).toMatchObject({ person: "rep-17", live: { party: told.cast.carrierName, channel: "phone" } });
    expect((await boardOf(told, "carrier", "&phase=claimed")).items).toEqual([]);
    expect((await boardOf(told, "carrier", `&dueBefore=${instant("09:21")}`)).total).toBe(0);
    expect((await boardOf(told, "vendor", `&carrier=${told.cast.carrierName}`)).total).toBe(1);
    expect((await boardOf(told, "vendor", `&carrier=${told.cast.vendorName}`)).total).toBe(0);
  });

  test("name the oldest breach that no act has met since, and filter by it", async () => {
    const story = await stage.story(line);
    await story.open({ call: false, channel: "mail" });
    await story.advance("10:00");
    const breachedOn = async (reader: Reader) => (await boardOf(story, reader, "&breached=true")).items;
    const shown = await waitFor(async () => ((await boardOf(story, "carrier")).total === 1 ? "yes" : undefined));
    expect([shown, await breachedOn("carrier")]).toEqual(["yes", []]);
    await story.advance("13:30");
    const [row] = await waitFor(async () => {
      const found = await breachedOn("carrier");
      return found.length > 0 ? found : undefined;
    });
    expect(row?.breached).toEqual({ clock: "first-response", at: utc("13:00"), charged: story.cast.carrierName });
    await story.cast.carrier.post(`${story.path}/contacts`, {
      channel: "mail",
      direction: "outbound",
      content: "answer",
      person: "rep-17",
    });
    await story.advance("13:31");
    await waitFor(async () => ((await breachedOn("carrier")).length === 0 ? true : undefined));
  });

  test("a search finds the case by its number, its customer, its person and its title, and only for its companies", async () => {
    const found = async (q: string, reader: Reader = "carrier"): Promise<number> => {
      const { items } = await told.cast[reader].get<{ items: unknown[] }>(
        `/v1/search?timeline=${told.timeline}&q=${encodeURIComponent(q)}`,
      );
      return items.length;
    };
    const [row] = (await boardOf(told, "carrier")).items;
    for (const q of [row?.number ?? "", "rep-17", "without signal", "+1 416 555 0100", "C-77"])
      expect({ q, found: await found(q) }).toEqual({ q, found: 1 });
    expect(await found("SIGNAL marker", "vendor")).toBe(1);
    expect(await found("+14165550100", "vendor")).toBe(1);
    expect(await found("rep-17", "vendor")).toBe(0);
    expect(await found("C-77", "vendor")).toBe(0); // A customer id has a meaning for the carrier only.
    const stranger = await stage.party("southtel", "carrier");
    expect(await stranger.client.get(`/v1/search?timeline=${told.timeline}&q=signal`)).toMatchObject({ items: [] });
    expect(await stranger.client.get(`/v1/board?timeline=${told.timeline}`)).toMatchObject({ total: 0, position: 0 });
  });
});

test("a stream sends each change once, although its connection is cut again and again", async () => {
  const story = await stage.story(line);
  const url = `${stage.url}/v1/stream?timeline=${story.timeline}&after=0`;
  const seen: EventSource["events"][number][] = [];
  let lastId: number | undefined;
  let stream = await openStream(url, story.cast.carrierKey);
  const cut = async (): Promise<void> => {
    await stream.close();
    seen.push(...stream.events);
    lastId = seen.at(-1)?.id ?? lastId;
    stream = await openStream(url, story.cast.carrierKey, lastId);
  };
  await story.open();
  for (let round = 0; round < 20; round++) {
    await story.write({ kind: "note", text: `note ${round}` });
    await cut();
  }
  const last = await waitFor(async () => {
    const [row] = (await boardOf(story, "carrier")).items;
    await cut();
    return row !== undefined && seen.at(-1)?.id === row.position && (row.read.case ?? 0) >= 22 ? row : undefined;
  });
  await stream.close();
  const ids = seen.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
  expect(ids.at(-1)).toBe(last.position);
  expect(seen.every(({ data }) => data.id === story.caseId)).toBe(true);
});

test("the verbs show the board, the journal, the clocks and a search, and watch prints each change", async () => {
  const texts: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => texts.push(String(text)) > 0);
  vi.stubEnv("CROSSLINE_KEY", told.cast.carrierKey);
  const options = { url: stage.url, timeline: told.timeline, sort: "due", limit: 50 };
  await showBoard(options);
  await searchCases("without signal", options);
  await showJournal(told.caseId, options);
  await showClocks(told.caseId, { ...options, at: utc("09:05") });
  const output = texts.splice(0).join("");
  expect(output).toContain("1 rows · offered 1");
  expect(output).toMatch(/handheld +NT-\S+ +Marker title without signal/);
  expect(output).toContain("The clock stall.busy breached.");
  expect(output).toContain("marker-internal");
  expect(output).toMatch(/stall\.busy +running .*5 min 0 s of 20 min 0 s/);
  const stop = new AbortController();
  const watching = watchRows({ ...options, json: true }, stop.signal);
  await waitFor(async () => {
    await told.write({ kind: "note", text: "one more" });
    return texts.some((text) => text.includes(told.caseId));
  });
  stop.abort();
  expect(await watching).toBe(0);
});

test("a case crosses while the console's tables are locked, and the board has it afterwards", async () => {
  const story = await stage.story(line);
  await database.transaction(async (tx) => {
    await tx.query({ text: "lock table fact, board_case, board_row in access exclusive mode" });
    await story.open();
    await story.talkUntil("09:20");
    await story.advance("09:20:30");
    expect(await story.queue("handheld")).toHaveLength(1);
  });
  await waitFor(async () => (await boardOf(story, "vendor", "&scope=handoffs")).total === 1);
});

test.skipIf(!hasKafka)("a rebuild reads the topics again and gives the same rows", async () => {
  const internal = createClient(stage.addresses.console, stage.internalKey);
  const position = () => internal.get<{ state: string; readUntil?: string }>("/internal/position");
  const since = new Date().toISOString();
  await waitFor(async () => ((await position()).readUntil ?? "") > since, { timeoutMs: 30_000 });
  const before = await rows();
  await internal.post("/internal/rebuild");
  await waitFor(async () => (await position()).state === "current", { timeoutMs: 60_000 });
  expect(await rows()).toEqual(before);
  expect(before.length).toBeGreaterThan(4);
});

/** A row that is gone exists only if the console has seen it before it left the board, so a rebuild may lack it. */
async function rows(): Promise<unknown[]> {
  return database.query({
    text: `-- test.rows
      select party, case_id, is_open, due_at, content from board_row where not is_gone order by party, case_id`,
  });
}
