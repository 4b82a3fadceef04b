import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newStory } from "./story.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.stop());

const pace = { windowMs: 700, messages: 4, withinMs: 600_000 };
const people = (url: string, person = "p-ada") => ({ people: [{ person, name: "Ada Lovett", url }] });
const log = async (party: string) => (await world.call(party, "GET", "/v1/deliveries?limit=100")).body.items;
const delivered = () => world.published.filter(({ type }) => type === "notification.delivered").length;

async function page(url: string, more: Parameters<ReturnType<typeof newStory>["paged"]>[0] = {}) {
  const story = newStory();
  await world.publish(story.opened(), story.paged({ subject: people(url), ...more }));
  return story;
}

test("notification sends the pages of forty similar cases in few messages; a retry sends the same bundle; the log shows the bundle of each page", async () => {
  await world.start({ pace, retry: { subscription: [20], lastResort: Array<number>(400).fill(50) } });
  const state = { down: false };
  const pager = await world.receiver((response) => response.writeHead(state.down ? 503 : 204).end());
  await page(pager.url);
  await waitFor(() => delivered() === 1);
  expect(pager.events()).toMatchObject([{ data: { roster: "orchard.duty" } }]);
  state.down = true;
  for (let nth = 1; nth < 40; nth++) await page(pager.url);
  await waitFor(() => pager.received.length >= 3);
  state.down = false;
  await waitFor(() => delivered() === 40, { timeoutMs: 20_000 });
  const bodies = Map.groupBy(pager.received, ({ id }) => id);
  expect(bodies.size).toBeLessThanOrEqual(4);
  // All attempts of a message have the same bytes.
  for (const tries of bodies.values()) expect(new Set(tries.map(({ body }) => body)).size).toBe(1);
  const pages = [...bodies.values()].map(([one]) => JSON.parse(one?.body ?? "").data.bundle?.pages.length ?? 1);
  expect(pages.reduce((sum, count) => sum + count, 0)).toBe(40);
  const rows = await log("orchard");
  expect(rows).toHaveLength(40);
  expect(new Set(rows.map(({ bundle }: { bundle: string }) => bundle)).size).toBe(bodies.size);
  for (const row of rows) expect(row.attempts.at(-1)).toMatchObject({ status: 204 });
});

test("an emergency page is sent at once and alone; all pages of a message belong to one party", async () => {
  await world.start({ pace: { ...pace, windowMs: 600_000 } });
  const pager = await world.receiver();
  await page(pager.url);
  await waitFor(() => delivered() === 1);
  await page(pager.url);
  const urgent = await page(pager.url, { reason: "emergency", kind: "need-by" });
  await waitFor(() => delivered() === 2);
  const other = await page(pager.url, { roster: "quill.duty", subject: people(pager.url, "q-1") });
  await waitFor(() => delivered() === 3);
  expect(
    pager
      .events()
      .map(({ subject }) => subject)
      .slice(1),
  ).toEqual([urgent.caseId, other.caseId]);
  expect((await log("orchard")).map(({ state }: { state: string }) => state).toSorted()).toEqual([
    "delivered",
    "delivered",
    "waiting",
  ]);
});

test("the first of several pages is sent at once and alone; the other pages follow as one message after the window", async () => {
  await world.start({ pace });
  const pager = await world.receiver();
  const stories = Array.from({ length: 10 }, () => newStory());
  const pages = stories.flatMap((story) => [story.opened(), story.paged({ subject: people(pager.url) })]);
  await world.publish(...pages);
  await waitFor(() => delivered() === 10);
  const sizes = pager.events().map(({ data }) => (data["bundle"] as { pages: unknown[] } | undefined)?.pages.length);
  expect(sizes).toEqual([undefined, 9]);
});

test("two people who share an address get each page once, and the message counts for both people", async () => {
  await world.start({ pace: { ...pace, messages: 1 } });
  const [shared, own] = [await world.receiver(), await world.receiver()];
  const both = ["p-ada", "p-ben"].map((person) => ({ person, name: person, url: shared.url }));
  const story = newStory();
  await world.publish(story.opened(), story.paged({ people: ["p-ada", "p-ben"], subject: { people: both } }));
  await waitFor(() => delivered() === 1);
  expect(shared.received).toHaveLength(1);
  for (const person of ["p-ada", "p-ben", "p-cem"]) await page(own.url, { subject: people(own.url, person) });
  await waitFor(() => delivered() === 2);
  expect(own.events()).toHaveLength(1);
  const [counted] = await world.database.query({
    text: "select people, target from page_bundle order by fixed_at desc",
  });
  expect(counted).toEqual({ people: ["p-cem"], target: own.url });
});
