import { newId, topics, wall } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { Webhook } from "standardwebhooks";
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

type Person = { person: string; name: string; mail?: string; url?: string };

/** Makes the event that routing publishes for a ring test. */
function ringTest(people: Person[]) {
  const key = newId("rng");
  const actor = { party: "orchard", automated: false };
  const data = { actor, party: "orchard", roster: "orchard.duty", version: 1, subject: { people } };
  return {
    key,
    message: {
      topic: topics.roster,
      key,
      sequence: 1,
      type: "roster.ring-tested",
      time: Date.now(),
      timeline: wall,
      data,
    },
  };
}
const read = (party: string, id: string, query = "") =>
  world.call(party, "GET", `/v1/rosters/duty/ring-tests/${id}${query}`);
const outcomes = async (id: string) =>
  (await read("orchard", id)).body.people.flatMap((one: { person: string; addresses: { outcome: string }[] }) =>
    one.addresses.map(({ outcome }) => `${one.person} ${outcome}`),
  );
const settled = async (id: string) => !(await outcomes(id)).some((one: string) => one.endsWith(" waiting"));

test("a ring test tries each address of each person, and its result has the outcome by person and address", async () => {
  mailbox = await startMailbox((to) => (to.startsWith("gone") ? 550 : undefined));
  await world.start({ mail: { url: mailbox.url, from: "crossline@northtel.example" }, timeoutMs: 10_000 });
  const pager = await world.receiver();
  const down = await world.receiver((response) => response.writeHead(503).end());
  const { key, message } = ringTest([
    { person: "p-ada", name: "Ada Lovett", mail: "ada@orchard.example", url: pager.url },
    { person: "p-ben", name: "Ben Ode", mail: "gone@orchard.example", url: down.url },
    { person: "p-cem", name: "Cem Ray", url: "http://127.0.0.1:1/never" },
  ]);
  await world.publish(message, message);
  await waitFor(() => settled(key), { timeoutMs: 20_000 });
  const { body } = await read("orchard", key);
  expect(body).toMatchObject({ ringTestId: key, roster: "orchard.duty" });
  expect(await outcomes(key)).toEqual([
    "p-ada delivered",
    "p-ada delivered",
    "p-ben refused",
    "p-ben refused",
    "p-cem failed",
  ]);
  expect(body.people[1].addresses[0]).toMatchObject({ address: "mailto:gone@orchard.example", status: 550 });
  expect(body.people[2].addresses[0]).toMatchObject({ why: "connect", attempts: 7 });
  // The mail and the webhook say that they are a test. Notification sends each once, even if the event is published twice.
  expect(mailbox.mails).toHaveLength(1);
  expect(mailbox.mails[0]?.mail.subject).toBe("[Crossline] TEST: ring test of orchard.duty");
  expect(mailbox.mails[0]?.mail.text).toContain("No case needs you.");
  expect(pager.received).toHaveLength(1);
  const { body: signing } = await world.call("orchard", "GET", "/v1/last-resort-secret");
  const [received] = pager.received;
  expect(new Webhook(signing.secret).verify(received?.body ?? "", received?.headers ?? {})).toMatchObject({
    type: "crossline.roster.ring-tested.v1",
    source: "/crossline/routing",
    data: { test: true, ringTestId: key, roster: "orchard.duty" },
  });
  expect(received?.body).not.toMatch(/Ada|Ben|Cem|orchard\.example/);
});

test("the log shows test pages without a case; test pages do not count as pages, and cannot be sent again", async () => {
  await world.start({ privateAddresses: "refuse" });
  const { key, message } = ringTest([
    { person: "p-ada", name: "Ada Lovett", mail: "ada@orchard.example" },
    { person: "p-ben", name: "Ben Ode", url: "http://127.0.0.1:1/never" },
  ]);
  await world.publish(message);
  await waitFor(() => settled(key));
  expect(await outcomes(key)).toEqual(["p-ada not-dialled", "p-ben not-dialled"]);
  const { body } = await world.call("orchard", "GET", "/v1/deliveries");
  expect(body.items).toHaveLength(2);
  for (const item of body.items) {
    expect(item).toMatchObject({ ringTestId: key, eventType: "roster.ring-tested", state: "abandoned" });
    expect(item).not.toHaveProperty("caseId");
    const again = await world.call("orchard", "POST", `/v1/deliveries/${item.deliveryId}/redeliver`);
    expect(again).toMatchObject({ status: 409, body: { code: "illegal_transition" } });
  }
  expect((await world.call("northtel", "GET", "/v1/deliveries")).body.items).toEqual([]);
  expect([world.pages, world.published]).toEqual([[], []]);
  expect(await world.metrics()).toContain('crossline_pages_abandoned_total{kind="page",service="notification"} 0');
});

test("a test page is sent at once and alone, even at its person's limit of messages, and does not count for this limit", async () => {
  await world.start({ pace: { windowMs: 600_000, messages: 1, withinMs: 600_000 } });
  const pager = await world.receiver();
  const person = { person: "p-ada", name: "Ada Lovett", url: pager.url };
  const before = ringTest([person]);
  await world.publish(before.message);
  await waitFor(() => settled(before.key));
  const story = newStory();
  await world.publish(story.opened(), story.paged({ subject: { people: [person] } }));
  await waitFor(() => world.published.length === 1);
  const { key, message } = ringTest([person]);
  await world.publish(message);
  await waitFor(() => settled(key));
  expect(pager.events().map(({ type }) => type)).toEqual([
    "crossline.roster.ring-tested.v1",
    "crossline.roster.paged.v1",
    "crossline.roster.ring-tested.v1",
  ]);
});

test("only the roster's party and the operator read a ring test; the response for an unknown ring test is 404", async () => {
  await world.start();
  const pager = await world.receiver();
  const { key, message } = ringTest([{ person: "p-ada", name: "Ada Lovett", url: pager.url }]);
  await world.publish(message);
  await waitFor(() => settled(key));
  for (const [party, query] of [
    ["northtel", ""],
    ["northtel", "?party=orchard"],
    ["quill", ""],
  ] as const)
    expect((await read(party, key, query)).status).toBe(404);
  expect((await read("orchard", newId("rng"))).status).toBe(404);
  expect((await world.call("orchard", "GET", `/v1/rosters/other/ring-tests/${key}`)).status).toBe(404);
  expect(await read("orchard", "nonsense")).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  expect((await read("operator", key)).status).toBe(400);
  expect((await read("operator", key, "?party=orchard")).status).toBe(200);
  expect((await read("operator", key, "?party=nemo")).status).toBe(404);
});

test("people who share an address get one test page there, and the result shows each of them", async () => {
  await world.start();
  const pager = await world.receiver();
  const { key, message } = ringTest(["p-ada", "p-ben"].map((person) => ({ person, name: person, url: pager.url })));
  await world.publish(message);
  await waitFor(() => settled(key));
  expect(pager.received).toHaveLength(1);
  expect(await outcomes(key)).toEqual(["p-ada delivered", "p-ben delivered"]);
});
