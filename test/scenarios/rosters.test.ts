import type { RosterDocument } from "@crossline/contracts";
import { ResponseFault, type Client } from "@crossline/cli";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import { Story, clockTime } from "./story.ts";

/*
 * The vendor's desk does not claim, and the last resort consists of rosters of both companies. Routing pages the
 * rosters repeatedly until a person takes the case. Real services run on a stepped timeline, where pages are recorded
 * and not sent.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const roster = (name: string, more: Partial<RosterDocument> = {}): RosterDocument => ({
  roster: name,
  people: ["ada", "ben"].map((id) => ({ id, name: id, mail: `${id}@example.com` })),
  rotation: [{ turn: "daily", handover: "09:21", zone: "America/Toronto", start: "2026-03-06", order: ["ada", "ben"] }],
  ...more,
});

/** This roster covers Mondays only, so that no person is on duty on the story's Saturday. */
const mondays = roster("mondays");
const onMondays = {
  ...mondays,
  rotation: mondays.rotation.map((layer) => ({ ...layer, hours: { mon: ["00:00-24:00"] } })),
};

async function begin(): Promise<Story> {
  const [carrier, vendor] = [await stage.party("northtel", "carrier"), await stage.party("orchard", "vendor")];
  await waitFor(() => carrier.client.post("/v1/rosters", roster("duty")), { timeoutMs: 5_000 });
  await waitFor(() => vendor.client.post("/v1/rosters", roster("duty")), { timeoutMs: 5_000 });
  await vendor.client.post("/v1/rosters", onMondays);
  const line = {
    line: "with-rosters",
    calendar: "24x7",
    clocks: [{ kind: "stall.busy", target: "PT20M" }],
    crossing: [
      { to: `roster:${vendor.party}.mondays`, acceptWithin: "PT10M" },
      { to: `queue:${vendor.party}.handheld`, mode: "live-assist", acceptWithin: "PT90S" },
    ],
    lastResort: [`roster:${carrier.party}.duty`, `roster:${vendor.party}.duty`],
  };
  await carrier.client.post("/v1/lines", line);
  const parties = { carrier: carrier.client, vendor: vendor.client, carrierKey: carrier.key };
  return Story.begin({ ...parties, carrierName: carrier.party, vendorName: vendor.party }, line.line);
}

type LoggedDelivery = { readonly eventType: string; readonly url: string; readonly state: string };
const pages = async (client: Client, { caseId }: Story): Promise<string[]> => {
  const { items } = await client.get<{ items: LoggedDelivery[] }>(`/v1/deliveries?case=${caseId}`);
  return items.filter(({ eventType }) => eventType === "roster.paged").map(({ url, state }) => `${state} ${url}`);
};

test("a roster with no person on duty is skipped at once, and the last resort pages both companies until a person takes the case", async () => {
  const story = await begin();
  const { carrier, vendor } = story.cast;
  await story.open();
  await story.talkUntil("09:20");
  await story.advance("09:20:01");
  expect((await story.handoffs()).map(({ offeredAt }) => clockTime(offeredAt))).toEqual(["09:20:00"]);
  await story.advance("09:25");
  // The handover was at 09:21. Routing called the last resort at 09:21:30, and again after pauses of 1 and 2 minutes.
  const expected = Array<string>(3).fill("recorded mailto:ben@example.com");
  expect(await pages(carrier, story)).toEqual(expected);
  expect(await pages(vendor, story)).toEqual(expected);
  await vendor.post(`${story.path}/take`, { engineer: { name: "Ben", contact: "ben@example.com" }, person: "ben" });
  await story.advance("10:30");
  expect(await pages(carrier, story)).toEqual(expected);
  const again = vendor.post(`${story.path}/take`, { engineer: { name: "Ben", contact: "x" }, person: "ben" });
  expect(await again.catch((error: unknown) => (error instanceof ResponseFault ? error.status : error))).toBe(409);
});

test("another company cannot read a roster, not even at the public address", async () => {
  const stranger = await stage.party("quill", "vendor");
  const { carrier, carrierName } = (await begin()).cast;
  expect(await carrier.get("/v1/rosters/duty/on-duty")).toMatchObject({ people: [{ person: expect.any(String) }] });
  const hidden = stranger.client.get(`/v1/rosters/duty?party=${carrierName}`);
  expect(await hidden.catch((error: unknown) => (error instanceof ResponseFault ? error.status : error))).toBe(404);
});
