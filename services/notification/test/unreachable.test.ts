import { newId, topics } from "@crossline/contracts";
import { pageIdOf } from "@crossline/domain";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Mailbox, startMailbox } from "./mailbox.ts";
import { newStory } from "./story.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
let mailbox: Mailbox | undefined;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  await world.stop();
  await mailbox?.close();
  mailbox = undefined;
});

const log = async (party: string) => (await world.call(party, "GET", "/v1/deliveries")).body.items;
const ada = { person: "p-ada", name: "Ada Lovett" };
const ben = { person: "p-ben", name: "Ben Ode" };
const nowhere = "http://127.0.0.1:1/never";

test("⚠ if a roster has only mail addresses and there is no mail server, its pages are unreachable at once", async () => {
  await world.start({ pace: { windowMs: 600_000, messages: 1, withinMs: 600_000 } });
  const story = newStory();
  const mails = { people: [ada, ben].map((one) => ({ ...one, mail: `${one.person}@orchard.example` })) };
  await world.publish(story.opened(), story.paged({ subject: mails }));
  await waitFor(() => world.pages.length === 1);
  expect(world.pages).toMatchObject([
    {
      type: "page.unreachable",
      key: story.caseId,
      sequence: 1,
      data: { pageId: pageIdOf(story.caseId, 1), party: "orchard", reason: "step", addresses: 2 },
      after: [{ topic: topics.handoff, key: story.caseId, sequence: 1 }],
    },
  ]);
  // The next page to the same addresses does not wait, since no message was sent to these addresses.
  await world.publish(story.paged({ subject: mails, step: 1 }));
  await waitFor(() => world.pages.length === 2);
  expect(world.pages[1]).toMatchObject({ sequence: 2, data: { pageId: pageIdOf(story.caseId, 2) } });
  const metrics = await world.metrics();
  expect(metrics).toContain('crossline_pages_abandoned_total{kind="page",service="notification"} 2');
});

test("notification abandons a page to a private address at the first attempt; the page is not unreachable if another person receives it", async () => {
  mailbox = await startMailbox();
  await world.start({
    privateAddresses: "refuse",
    mail: { url: mailbox.url, from: "crossline@northtel.example" },
    retry: { subscription: [60_000], lastResort: [60_000] },
  });
  const [reached, lost] = [newStory(), newStory()];
  const people = [
    { ...ada, url: nowhere },
    { ...ben, mail: "ben@orchard.example" },
  ];
  await world.publish(reached.opened(), reached.paged({ subject: { people } }));
  await waitFor(() => world.published.length === 2);
  await world.publish(lost.opened(), lost.paged({ subject: { people: people.slice(0, 1) } }));
  await waitFor(() => world.pages.length === 1);
  expect(world.pages).toMatchObject([{ key: lost.caseId, data: { addresses: 1 } }]);
  const rows: { url: string; state: string; attempts: object[] }[] = await log("orchard");
  const refused = rows.filter(({ url }) => url === nowhere);
  expect(refused).toHaveLength(2);
  expect(refused).toMatchObject(refused.map(() => ({ state: "abandoned", attempts: [{ error: "private-address" }] })));
  expect(rows.filter((row) => !refused.includes(row))).toMatchObject([{ state: "delivered" }]);
});

test("a page becomes unreachable when its last delivery is abandoned, and only once, even if it is sent again by hand", async () => {
  await world.start({ retry: { subscription: [20], lastResort: [20, 20] } });
  const gone = await world.receiver((response) => response.writeHead(410).end());
  const down = await world.receiver((response) => response.writeHead(503).end());
  const story = newStory();
  const people = [
    { ...ada, url: gone.url },
    { ...ben, url: down.url },
  ];
  await world.publish(story.opened(), story.paged({ subject: { people } }));
  await waitFor(() => world.published.length === 2);
  await waitFor(() => world.pages.length === 1);
  expect(down.received).toHaveLength(3);
  const [first] = await log("orchard");
  expect((await world.call("orchard", "POST", `/v1/deliveries/${first.deliveryId}/redeliver`)).status).toBe(202);
  await waitFor(() => world.published.length === 3);
  // One transaction publishes the results of the delivery and of the page.
  await waitFor(async () => (await world.database.query({ text: "select from outbox limit 1" })).length === 0);
  expect(world.pages).toHaveLength(1);
});

test("if notification abandons the messages with forty pages, each page becomes unreachable once", async () => {
  await world.start({
    pace: { windowMs: 300, messages: 4, withinMs: 600_000 },
    retry: { subscription: [20], lastResort: [20] },
  });
  const down = await world.receiver((response) => response.writeHead(503).end());
  const stories = Array.from({ length: 40 }, () => newStory());
  const subject = { people: [{ ...ada, url: down.url }] };
  await world.publish(...stories.flatMap((story) => [story.opened(), story.paged({ subject })]));
  await waitFor(() => world.pages.length >= 40, { timeoutMs: 20_000 });
  expect(new Set(world.pages.map(({ key }) => key)).size).toBe(40);
});

test("a private address of the last resort is abandoned at once and raises the alarm", async () => {
  await world.start({ privateAddresses: "refuse", retry: { subscription: [60_000], lastResort: [60_000] } });
  const story = newStory();
  await world.publish(story.opened(), story.lastResort(1, [nowhere]));
  await waitFor(() => world.published.length === 1);
  expect(world.published[0]).toMatchObject({ type: "notification.abandoned", data: { attempts: 1 } });
  expect(await world.metrics()).toContain('crossline_pages_abandoned_total{kind="call",service="notification"} 1');
  expect(world.pages).toEqual([]);
});

test("on a stepped timeline notification records a page, and no page becomes unreachable", async () => {
  await world.start();
  const story = newStory(newId("stp"));
  await world.publish(story.opened(), story.paged());
  await waitFor(() => world.published.length === 1);
  expect(world.published[0]).toMatchObject({ type: "notification.recorded" });
  expect(await world.metrics()).toContain('crossline_pages_abandoned_total{kind="page",service="notification"} 0');
});

test("notification publishes the dialling once, and again if the settings have changed", async () => {
  for (const _ of [1, 2]) await (await world.start()).stop();
  await world.start({ privateAddresses: "refuse" });
  await waitFor(() => world.dialling.length === 2);
  expect(world.dialling).toMatchObject([
    { key: "installation", sequence: 1, data: { mail: false, privateAddresses: "allow" } },
    { key: "installation", sequence: 2, data: { mail: false, privateAddresses: "refuse" } },
  ]);
});
