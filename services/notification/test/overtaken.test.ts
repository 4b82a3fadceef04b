import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newStory } from "./story.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.stop());

const people = (url: string) => ({ people: [{ person: "p-ada", name: "Ada Lovett", url }] });
const log = async (party: string) => (await world.call(party, "GET", "/v1/deliveries")).body.items;
const overtaken = () => world.published.filter(({ type }) => type === "notification.overtaken");

/** Starts a pager that is down until `up` is called. */
async function pagerOf() {
  const state = { down: true };
  const receiver = await world.receiver((response) => response.writeHead(state.down ? 503 : 204).end());
  return { receiver, up: () => ((state.down = false), receiver.received.splice(0)) };
}

const patient = { retry: { subscription: [20], lastResort: Array<number>(400).fill(50) } };

test("no page arrives if the case is taken, solved and closed while the pager is down; the log shows the reason", async () => {
  await world.start(patient);
  const { receiver, up } = await pagerOf();
  const story = newStory();
  await world.publish(story.opened(), story.paged({ subject: people(receiver.url) }));
  await waitFor(() => receiver.received.length >= 2);
  await world.publish(story.taken(), story.resolved(), story.closed());
  await waitFor(() => overtaken().length === 1);
  up();
  const [delivery] = await log("orchard");
  expect(delivery).toMatchObject({ state: "overtaken", eventType: "roster.paged", endedAt: expect.any(String) });
  expect(delivery).not.toHaveProperty("nextAttemptAt");
  expect(overtaken()[0]).toMatchObject({ data: { party: "orchard", deliveryId: delivery.deliveryId } });
  // The page of another case arrives. The next attempt of the first page was due long before this point.
  const other = newStory();
  await world.publish(other.opened(), other.paged({ subject: people(receiver.url) }));
  await waitFor(() => world.published.some(({ type }) => type === "notification.delivered"));
  expect(receiver.events().map(({ subject }) => subject)).toEqual([other.caseId]);
  expect(await world.call("orchard", "POST", `/v1/deliveries/${delivery.deliveryId}/redeliver`)).toMatchObject({
    status: 409,
    body: { code: "illegal_transition" },
  });
});

test("an event overtakes a page even if notification reads the event first", async () => {
  await world.start(patient);
  const { receiver, up } = await pagerOf();
  up();
  const story = newStory();
  const [opened, page] = [story.opened(), story.paged({ subject: people(receiver.url) })];
  await world.publish(opened, story.closed());
  await world.publish(page);
  await waitFor(() => overtaken().length === 1);
  expect(receiver.received).toEqual([]);
});

test("a page whose reason still exists is sent when the pager works again", async () => {
  await world.start(patient);
  const { receiver, up } = await pagerOf();
  const story = newStory();
  const taken = story.taken();
  const last = "https://127.0.0.1:1/never";
  await world.publish(story.opened(), taken, story.paged({ subject: people(receiver.url) }), story.noted("seen"));
  await waitFor(() => receiver.received.length >= 2);
  up();
  await waitFor(() => world.published.some(({ type }) => type === "notification.delivered"));
  expect((await log("orchard"))[0]).toMatchObject({ state: "delivered" });
  await world.publish(story.lastResort(1, [last]), story.closed());
  await waitFor(() => overtaken().length === 1);
  expect(overtaken()[0]).toMatchObject({ data: { party: "northtel", eventType: "last-resort.called" } });
});
