import type { LineDocument, RosterDocument } from "@crossline/contracts";
import { formatInstant, parseInstant } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import { Story, instant } from "./story.ts";

/*
 * The customer's acts delay no obligation, and have an effect even on a solved or ended case. Real services run on a
 * stepped timeline, where pages are recorded and not sent.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const duty: RosterDocument = {
  roster: "duty",
  people: [{ id: "ada", name: "Ada", mail: "ada@example.com" }],
  rotation: [{ turn: "daily", handover: "09:00", zone: "America/Toronto", start: "2026-03-06", order: ["ada"] }],
};

async function begin(more: Partial<LineDocument> = {}): Promise<Story> {
  const [carrier, vendor] = [await stage.party("northtel", "carrier"), await stage.party("orchard", "vendor")];
  await waitFor(() => carrier.client.post("/v1/rosters", duty), { timeoutMs: 5_000 });
  const line = {
    line: "letters",
    calendar: "24x7",
    clocks: [{ kind: "stall.idle", target: "PT2H" }],
    crossing: [{ to: `queue:${vendor.party}.handheld`, acceptWithin: "PT1H" }],
    lastResort: [`roster:${carrier.party}.duty`],
    ...more,
  };
  await carrier.client.post("/v1/lines", line);
  const parties = { carrier: carrier.client, vendor: vendor.client, carrierKey: carrier.key };
  const story = await Story.begin({ ...parties, carrierName: carrier.party, vendorName: vendor.party }, line.line);
  return story.open({ call: false, channel: "mail", subject: { customerId: crypto.randomUUID() } });
}

/** Advances the timeline to `count` hours after nine. */
async function advanceHours(story: Story, count: number): Promise<void> {
  const to = formatInstant(parseInstant(instant("09:00")) + count * 3_600_000);
  await story.cast.carrier.post(`/v1/timelines/${story.timeline}/advance`, { to });
}

/** Sends a contact of the customer that names the device and no case, as a program for mail would. */
async function writeContact(story: Story, more: Record<string, unknown> = {}) {
  const { subject } = await story.cast.carrier.get<{ subject: object }>(story.path);
  return story.cast.carrier.post<{ joined: boolean; case: { id: string; status: string; follows?: string } }>(
    "/v1/contacts",
    {
      carrierCaseId: `MAIL-${crypto.randomUUID()}`,
      timeline: story.timeline,
      title: "Any news?",
      channel: "mail",
      automated: true,
      subject,
      ...more,
    },
  );
}

/**
 * Returns the running and paused clocks of the case. The read waits until every service has applied the last command.
 */
async function clocksOf({ cast: { carrier }, path }: Story): Promise<string[]> {
  const { clocks } = await carrier.get<{ clocks: { clock: string; state: string }[] }>(`${path}/clocks`);
  return clocks.filter(({ state }) => state !== "ended").map(({ clock, state }) => `${clock} ${state}`);
}

test("⚠ a case crosses although its customer writes every ninety minutes", async () => {
  const story = await begin();
  for (const hour of [1.5, 3]) {
    await advanceHours(story, hour);
    await writeContact(story);
  }
  expect((await story.handoffs()).map(({ offeredAt }) => offeredAt)).toEqual([
    formatInstant(parseInstant(instant("11:00"))),
  ]);
});

test("⚠ a question on day one stops the closing; after a letter to a closed case on day 21, routing pages until a person answers", async () => {
  const story = await begin();
  const { carrier } = story.cast;
  const day = 24;
  await carrier.post(`${story.path}/status`, { status: "resolved", fixCode: "memory-full", person: "rep-1" });
  await advanceHours(story, day);
  expect(await writeContact(story)).toMatchObject({ joined: true, case: { status: "resolved" } });
  expect(await clocksOf(story)).toEqual(["reply running"]);
  await advanceHours(story, day * 1.5);
  await carrier.post(`${story.path}/contacts`, {
    channel: "mail",
    direction: "outbound",
    content: "answer",
    person: "rep-1",
  });
  expect(await clocksOf(story)).toEqual(["confirmation running"]);
  await advanceHours(story, day * 4);
  expect(await story.read()).toMatchObject({ status: "resolved" });
  await advanceHours(story, day * 5);
  expect(await story.read()).toMatchObject({ status: "closed" });

  await advanceHours(story, day * 21);
  expect(await writeContact(story, { channel: "other" })).toMatchObject({ joined: true, case: { status: "closed" } });
  for (const [days, count] of [
    [21.99, 0],
    [22.01, 1],
    [23.5, 2],
  ] as const) {
    await advanceHours(story, day * days);
    expect(await countPages(story)).toBe(count);
  }
  await carrier.post(`${story.path}/contacts`, {
    channel: "phone",
    direction: "outbound",
    content: "answer",
    person: "rep-1",
  });
  expect(await clocksOf(story)).toEqual([]);
  await advanceHours(story, day * 40);
  expect(await countPages(story)).toBe(2);
  const late = await writeContact(story);
  expect(late).toMatchObject({ joined: false, case: { follows: story.caseId } });
}, 120_000);

/** Returns the number of recorded pages for the case. */
async function countPages({ cast: { carrier }, caseId }: Story): Promise<number> {
  const { items } = await carrier.get<{ items: { eventType: string }[] }>(`/v1/deliveries?case=${caseId}&limit=100`);
  return items.filter(({ eventType }) => eventType === "roster.paged").length;
}

test("a silent handling is visible, and counts again from its next heartbeat", async () => {
  const story = await begin({ clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [] }] });
  const { carrier } = story.cast;
  type Live = { readonly liveHandlings: readonly { readonly id: string; readonly silentSince?: string }[] };
  await story.call();
  await story.advance("09:10");
  const { liveHandlings } = await carrier.get<Live>(story.path);
  expect(liveHandlings).toMatchObject([{ silentSince: formatInstant(parseInstant(instant("09:03"))) }]);
  await carrier.post(`${story.path}/handlings/${liveHandlings[0]?.id}/heartbeat`, {});
  expect((await carrier.get<Live>(story.path)).liveHandlings[0]).not.toHaveProperty("silentSince");
  // The handling counted three minutes until its silence, and all minutes after its next heartbeat.
  await story.talkUntil("09:28");
  expect(await story.fired()).toEqual(["09:27:00 stall.busy 100"]);
});
