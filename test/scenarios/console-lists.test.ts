import type { BoardPage, LineDocument, PromisePage, SavedView } from "@crossline/contracts";
import { createClient, showPromises } from "@crossline/cli";
import { kafkaBrokers, waitFor } from "@crossline/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import { type Story, instant } from "./story.ts";

/*
 * The lists of a company over all its cases: promises and saved views. Another company finds nothing in them.
 */

const line = (vendor: string): LineDocument => ({
  line: "handheld-consumer",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [] }],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "live-assist", acceptWithin: "PT90S", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
});

let stage: Stage;
let told: Story;
const hasKafka = (await kafkaBrokers()) !== undefined;

beforeAll(async () => {
  stage = await openStage({ console: true });
  told = await stage.story(line);
  await told.open();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
afterAll(async () => {
  await stage?.close();
});

type Reader = "carrier" | "vendor";
const promisesOf = (reader: Reader, more = ""): Promise<PromisePage> =>
  told.cast[reader].get<PromisePage>(`/v1/promises?timeline=${told.timeline}${more}`);
const textsOf = async (reader: Reader, more = ""): Promise<(string | undefined)[]> =>
  (await promisesOf(reader, more)).items.map(({ text }) => text);
const promise = async (reader: Reader, text: string, until: string): Promise<string> => {
  const made = { text, until: instant(until), person: "rep-17" };
  return (await told.cast[reader].post<{ id: string }>(`${told.path}/promises`, made)).id;
};

describe("the promises", () => {
  test("are listed for the carrier: the open promises first, by the end of their windows", async () => {
    const kept = await promise("carrier", "a call back", "09:30");
    await promise("carrier", "a replacement", "22:00");
    await promise("carrier", "a mail", "09:01");
    await told.cast.carrier.post(`${told.path}/promises/${kept}/delivered`, { evidence: "marker-evidence" });
    await told.talkUntil("09:20");
    await told.advance("09:20:30");
    await promise("carrier", "a repair", "18:00");
    const { items, asOf } = await promisesOf("carrier");
    expect(items.map(({ text, state }) => `${text} ${state}`)).toEqual([
      "a repair open",
      "a replacement open",
      "a mail broken",
      "a call back kept",
    ]);
    expect(items[0]).toMatchObject({ caseId: told.caseId, promisor: told.cast.carrierName });
    expect(items.at(-1)).toHaveProperty("endedAt");
    expect(asOf).toHaveProperty("state");
    expect(await textsOf("carrier", "&state=broken,kept")).toEqual(["a mail", "a call back"]);
    expect(await textsOf("carrier", `&state=open&dueBefore=${encodeURIComponent(instant("20:00"))}`)).toEqual([
      "a repair",
    ]);
    expect(await textsOf("carrier", `&by=${told.cast.vendorName}`)).toEqual([]);
    const pages: (string | undefined)[] = [];
    for (let next: string | undefined = ""; next !== undefined;) {
      const page: PromisePage = await promisesOf("carrier", `&limit=1${next && `&cursor=${next}`}`);
      pages.push(...page.items.map(({ text }) => text));
      next = page.next;
    }
    expect(pages).toEqual(items.map(({ text }) => text));
  });

  test("are shared with the vendor that has a part, and a former vendor sees only its own open promises", async () => {
    const [offer] = await told.queue("handheld");
    if (offer === undefined) throw new Error("no hand-off was offered");
    const claim = await told.claim("handheld", offer.handoffId);
    await told.accept("handheld", offer.handoffId, claim);
    const done = await promise("vendor", "a new screen", "19:00");
    await promise("vendor", "a report", "20:00");
    await told.cast.vendor.post(`${told.path}/promises/${done}/delivered`, { evidence: "the shop has it" });
    expect(await textsOf("vendor")).toEqual(await textsOf("carrier"));
    expect(await textsOf("carrier", `&by=${told.cast.vendorName}`)).toEqual(["a report", "a new screen"]);
    const evidence = { test: "memory", result: "free", wouldChangeOurMind: "a full memory" };
    await told.cast.vendor.post(`${told.handoffPath("handheld", offer.handoffId)}/return`, {
      token: claim.token,
      person: "eng-4",
      code: "not-our-fault",
      evidence,
    });
    expect(await textsOf("vendor")).toEqual(["a report"]);
    expect(await textsOf("carrier")).toHaveLength(6);
  });

  test("are printed by the verb, the next due first", async () => {
    const texts: string[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((text) => texts.push(String(text)) > 0);
    vi.stubEnv("CROSSLINE_KEY", told.cast.carrierKey);
    const options = { url: stage.url, timeline: told.timeline, limit: 50 };
    expect(await showPromises({ ...options, state: "open" })).toBe(0);
    expect(texts.splice(0).join("")).toMatch(/a repair[^]*a report[^]*a replacement/);
    expect(await showPromises({ ...options, state: "kept", by: told.cast.vendorName })).toBe(0);
    expect(texts.join("")).toMatch(/kept +orchard\S+ +NT-\S+ +a new screen/);
  });

  test("of other companies do not exist", async () => {
    for (const kind of ["carrier", "vendor"] as const) {
      const stranger = await stage.party("stranger", kind);
      for (const more of ["", `&by=${told.cast.carrierName}`, "&state=open"])
        expect(await stranger.client.get(`/v1/promises?timeline=${told.timeline}${more}`)).toMatchObject({ items: [] });
    }
    expect(await stage.operator.get(`/v1/promises?timeline=${told.timeline}`)).toMatchObject({ items: [] });
  });
});

describe("the saved views", () => {
  const query = { scope: "handoffs", severity: "critical,major", sort: "ownDue" };

  test("are shared in a company, replaced by name and deleted, and have the parameters of the board", async () => {
    const { carrier } = told.cast;
    await carrier.put("/v1/views/Meine%20Fälle", { query: { resort: "true" } });
    const saved = await carrier.put<SavedView>("/v1/views/Meine%20Fälle", { query });
    expect(saved).toMatchObject({ name: "Meine Fälle", query });
    const { items } = await carrier.get<{ items: SavedView[] }>("/v1/views");
    expect(items).toEqual([saved]);
    const parameters = new URLSearchParams({ ...saved.query, timeline: told.timeline });
    expect(await carrier.get<BoardPage>(`/v1/board?${parameters.toString()}`)).toMatchObject({ items: [] });
    for (const wrong of [{ phase: "nowhere" }, { color: "red" }, { cursor: "x" }])
      await expect(carrier.put("/v1/views/wrong", { query: wrong })).rejects.toMatchObject({ code: "invalid_request" });
    await carrier.put("/v1/views/late", { query: {} });
    await carrier.delete("/v1/views/late");
    await expect(carrier.delete("/v1/views/late")).rejects.toMatchObject({ code: "not_found" });
  });

  test("of another company do not exist", async () => {
    const { vendor } = told.cast;
    expect(await vendor.get("/v1/views")).toEqual({ items: [] });
    const path = "/v1/views/Meine%20Fälle";
    await expect(vendor.get(path)).rejects.toMatchObject({ code: "not_found" });
    await expect(vendor.delete(path)).rejects.toMatchObject({ code: "not_found" });
    expect(await told.cast.carrier.get(path)).toMatchObject({ query });
    await expect(stage.operator.get("/v1/views")).rejects.toMatchObject({ code: "forbidden" });
  });

  test("are at most 100 in a company, also if requests come at the same time", async () => {
    const { client } = await stage.party("collector", "vendor");
    const names = Array.from({ length: 105 }, (_, index) => `view-${index}`);
    const results = await Promise.allSettled(names.map((name) => client.put(`/v1/views/${name}`, { query: {} })));
    const refused = results.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(5);
    for (const one of refused) expect(one).toMatchObject({ reason: { code: "limit_reached" } });
    expect((await client.get<{ items: unknown[] }>("/v1/views")).items).toHaveLength(100);
  });
});

test.skipIf(!hasKafka)("a rebuild gives the same promises, and keeps the saved views", async () => {
  const internal = createClient(stage.addresses.console, stage.internalKey);
  const viewsOf = () => told.cast.carrier.get("/v1/views");
  const before = [(await promisesOf("carrier")).items, (await promisesOf("vendor")).items, await viewsOf()];
  await internal.post("/internal/rebuild");
  const position = () => internal.get<{ state: string }>("/internal/position");
  await waitFor(async () => (await position()).state === "current", { timeoutMs: 60_000 });
  expect([(await promisesOf("carrier")).items, (await promisesOf("vendor")).items, await viewsOf()]).toEqual(before);
});
