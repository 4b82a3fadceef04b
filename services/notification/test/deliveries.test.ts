import { newId, topics } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newStory } from "./story.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.stop());

const log = async (party: string, query = "") => (await world.call(party, "GET", `/v1/deliveries${query}`)).body.items;

test("a subscription receives a signed CloudEvent once, even if the event is published twice; the log shows the delivery", async () => {
  const receiver = await world.receiver();
  await world.start();
  const { secret, subscriptionId } = await world.subscribe("northtel", { url: receiver.url, events: ["case.opened"] });
  const story = newStory();
  const opened = story.opened();
  await world.publish(opened, opened);
  await world.publish(opened, story.noted("not subscribed to"));
  await waitFor(() => world.published.length === 1);
  expect(receiver.received).toHaveLength(1);
  const [received] = receiver.received;
  expect(new Webhook(secret).verify(received?.body ?? "", received?.headers ?? {})).toMatchObject({
    specversion: "1.0",
    id: `case/${story.caseId}/1`,
    source: "/crossline/intake",
    type: "crossline.case.opened.v1",
    time: "2026-03-07T14:00:01Z",
    subject: story.caseId,
    sequence: "1",
    timeline: "wall",
    data: { carrierCaseId: story.carrierCaseId, subject: { name: "Avery Example" } },
  });
  expect(received?.headers).toMatchObject({
    "webhook-id": `case/${story.caseId}/1`,
    "content-type": "application/cloudevents+json; charset=utf-8",
  });
  expect(() => new Webhook(`whsec_${"A".repeat(43)}=`).verify(received?.body ?? "", received?.headers ?? {})).toThrow(
    "No matching signature",
  );
  const [delivery, ...others] = await log("northtel");
  expect(others).toEqual([]);
  expect(delivery).toMatchObject({
    subscriptionId,
    caseId: story.caseId,
    state: "delivered",
    attempts: [{ number: 1, status: 204 }],
  });
  expect(world.published[0]).toMatchObject({
    topic: topics.notification,
    key: story.caseId,
    sequence: 1,
    type: "notification.delivered",
    data: { deliveryId: delivery.deliveryId, subscriptionId, attempts: 1, status: 204, eventType: "case.opened" },
    after: [{ topic: topics.case, key: story.caseId, sequence: 1 }],
  });
  expect(await log("lumen")).toEqual([]);
});

test("notification retries a delivery to a failing receiver by the schedule, with the same id, until the receiver accepts it", async () => {
  let answers = 0;
  const receiver = await world.receiver((response) => response.writeHead(++answers < 4 ? 500 : 200).end());
  await world.start();
  await world.subscribe("northtel", { url: receiver.url });
  const story = newStory();
  await world.publish(story.opened());
  await waitFor(() => world.published.length === 1);
  expect(receiver.received.map(({ id }) => id)).toEqual(Array.from({ length: 4 }, () => `case/${story.caseId}/1`));
  const [delivery] = await log("northtel");
  expect(delivery.attempts.map(({ status }: { status: number }) => status)).toEqual([500, 500, 500, 200]);
  expect(delivery.state).toBe("delivered");
});

test("after the last retry notification abandons a delivery and publishes the result; a redelivery by hand succeeds", async () => {
  let status = 503;
  const receiver = await world.receiver((response) => response.writeHead(status).end());
  await world.start({ retry: { subscription: [10, 10], lastResort: [10] } });
  await world.subscribe("northtel", { url: receiver.url });
  await world.publish(newStory().opened());
  await waitFor(() => world.published.length === 1);
  expect(world.published[0]).toMatchObject({ type: "notification.abandoned", data: { attempts: 3, status: 503 } });
  const [abandoned] = await log("northtel", "?state=abandoned");
  expect(abandoned.attempts).toHaveLength(3);
  status = 200;
  const path = `/v1/deliveries/${abandoned.deliveryId}/redeliver`;
  expect(await world.call("lumen", "POST", path)).toMatchObject({ status: 404 });
  expect(await world.call("northtel", "POST", path)).toMatchObject({ status: 202, body: { state: "waiting" } });
  await waitFor(() => world.published.length === 2);
  expect(world.published[1]).toMatchObject({ type: "notification.delivered", sequence: 2, data: { attempts: 4 } });
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
});

test("receivers that hang or refuse do not block other receivers, even receivers of the same party", async () => {
  const dead = await world.receiver(() => {});
  const refusing = await world.receiver((response) => response.socket?.destroy());
  const good = await world.receiver();
  await world.start({ timeoutMs: 60_000, retry: { subscription: [60_000], lastResort: [10] } });
  // Nine receivers hang, which is more than the party's limit of concurrent attempts.
  for (let index = 0; index < 9; index++)
    await world.subscribe("northtel", { url: `${dead.url}/${index}`, events: ["case.opened"] });
  await world.subscribe("northtel", { url: refusing.url, events: ["case.opened"] });
  await world.subscribe("northtel", { url: good.url, events: ["case.opened"] });
  await world.publish(...Array.from({ length: 60 }, () => newStory().opened()));
  await waitFor(() => good.received.length === 60, { timeoutMs: 20_000 });
  expect(dead.received.length).toBeLessThanOrEqual(9 * 4);
  await waitFor(async () => (await openCircuits()) === 1);
  // The circuit opens after some attempts, so notification tries few of the 60 deliveries.
  const circuits = await world.database.query<{ failures: number }>({ text: "select failures from circuit" });
  expect(circuits.every(({ failures }) => failures >= 5 && failures <= 8)).toBe(true);
  expect(refusing.received.length).toBeLessThanOrEqual(8);
  await world.publish(newStory().opened());
  await waitFor(() => good.received.length === 61);
});

async function openCircuits(): Promise<number> {
  const rows = await world.database.query({ text: "select 1 from circuit where open_until > clock_timestamp()" });
  return rows.length;
}

test("one successful delivery closes the circuit of a receiver, which then gets all deliveries", async () => {
  let up = false;
  const receiver = await world.receiver((response) => response.writeHead(up ? 200 : 502).end());
  await world.start({ retry: { subscription: [100, 100, 100, 100, 100, 100, 100, 100, 100, 100], lastResort: [10] } });
  await world.subscribe("northtel", { url: receiver.url });
  await world.publish(...Array.from({ length: 30 }, () => newStory().opened()));
  await waitFor(async () => (await openCircuits()) === 1);
  up = true;
  await waitFor(() => world.published.length === 30, { timeoutMs: 25_000 });
  expect(new Set(world.published.map(({ type }) => type))).toEqual(new Set(["notification.delivered"]));
  expect(await world.database.query({ text: "select 1 from circuit" })).toEqual([]);
});

test("a delivery that waits too long behind an open circuit is abandoned without another attempt", async () => {
  const receiver = await world.receiver((response) => response.writeHead(500).end());
  await world.start({ retry: { subscription: [60_000], lastResort: [10] } });
  await world.subscribe("northtel", { url: receiver.url });
  await world.publish(...Array.from({ length: 30 }, () => newStory().opened()));
  await waitFor(async () => (await openCircuits()) === 1);
  await waitFor(async () => (await world.database.query({ text: "select 1 from delivery" })).length === 30);
  // Housekeeping skips a delivery with a running attempt, and its next pass is half a minute later, so the test waits.
  const tried = async (): Promise<number> => {
    const [row] = await world.database.query<{ tried: number }>({
      text: "select sum(attempts)::integer as tried from delivery",
    });
    return row?.tried ?? 0;
  };
  await waitFor(async () => (await tried()) === receiver.received.length);
  await world.database.query({ text: "update delivery set give_up_at = clock_timestamp() - interval '1 second'" });
  const { startHousekeeping } = await import("../src/workers/housekeeping.ts");
  const { log: silent } = await import("./world.ts");
  const housekeeping = startHousekeeping({
    database: world.database,
    log: silent,
    keptMs: 60_000,
    readToEnd: () => [],
    onAbandoned: () => {},
  });
  await waitFor(() => world.published.length === 30);
  await housekeeping.stop();
  expect(new Set(world.published.map(({ type }) => type))).toEqual(new Set(["notification.abandoned"]));
});

test("410 Gone ends the subscription and its waiting deliveries", async () => {
  let gone = false;
  const receiver = await world.receiver((response) => response.writeHead(gone ? 410 : 200).end());
  await world.start();
  const { subscriptionId } = await world.subscribe("northtel", { url: receiver.url });
  await world.publish(newStory().opened());
  await waitFor(() => world.published.length === 1);
  gone = true;
  await world.publish(newStory().opened());
  await waitFor(() => world.published.length === 2);
  expect(world.published[1]).toMatchObject({ type: "notification.abandoned", data: { status: 410, attempts: 1 } });
  const { body } = await world.call("northtel", "GET", `/v1/subscriptions/${subscriptionId}`);
  expect(body.disabledAt).toBeTypeOf("string");
  await world.publish(newStory().opened());
  expect(await log("northtel")).toHaveLength(2);
  const [delivery] = await log("northtel");
  const again = await world.call("northtel", "POST", `/v1/deliveries/${delivery.deliveryId}/redeliver`);
  expect(again).toMatchObject({ status: 409, body: { code: "illegal_transition" } });
});

test("notification follows no redirect, and counts a redirect as a failure", async () => {
  const inside = await world.receiver();
  const receiver = await world.receiver((response) => response.writeHead(302, { location: inside.url }).end());
  await world.start({ retry: { subscription: [], lastResort: [] } });
  await world.subscribe("northtel", { url: receiver.url });
  await world.publish(newStory().opened());
  await waitFor(() => world.published.length === 1);
  expect(world.published[0]).toMatchObject({ type: "notification.abandoned", data: { status: 302 } });
  expect(inside.received).toEqual([]);
});

test("notification sends no request to a private address, even if a host name has that address or a line names it", async () => {
  const inside = await world.receiver();
  await world.start({ privateAddresses: "refuse", retry: { subscription: [], lastResort: [] } });
  const { subscriptionId } = await world.subscribe("northtel", { url: "https://hooks.example.com/" });
  const byName = inside.url.replace("127.0.0.1", "localhost");
  // The test changes the URL, as if the host name had got a new address after the creation of the subscription.
  await world.database.query({
    text: "update subscription set url = $2 where subscription_id = $1",
    values: [subscriptionId, byName],
  });
  const story = newStory();
  await world.publish(story.opened(), story.lastResort(1, [inside.url]));
  await waitFor(() => world.published.length === 3);
  const attempts = (await log("northtel")).flatMap((delivery: any) => delivery.attempts);
  expect(attempts.map(({ error }: { error: string }) => error)).toEqual(
    Array.from({ length: 3 }, () => "private-address"),
  );
  expect(inside.received).toEqual([]);
});

test("notification does not read an endless response to its end, and aborts a slow response in time", async () => {
  const endless = await world.receiver((response) => {
    response.writeHead(200);
    const write = () => void (response.writable && response.write("x".repeat(65_536), () => setImmediate(write)));
    write();
  });
  const slow = await world.receiver(() => {});
  await world.start({ retry: { subscription: [], lastResort: [] } });
  await world.subscribe("northtel", { url: endless.url });
  await world.subscribe("orchard", { url: slow.url });
  const story = newStory();
  await world.publish(story.opened());
  await world.publish(story.offered());
  await waitFor(() => world.published.length === 3);
  const states = world.published.map(({ type, data }) => [(data as { party: string }).party, type]);
  expect(states).toContainEqual(["northtel", "notification.delivered"]);
  expect(states).toContainEqual(["orchard", "notification.abandoned"]);
  const [delivery] = await log("orchard");
  expect(delivery.attempts).toMatchObject([{ error: "timeout" }]);
  expect(delivery.attempts[0].durationMs).toBeGreaterThanOrEqual(390);
});

test("the waiting deliveries of a deleted subscription are cancelled", async () => {
  const receiver = await world.receiver((response) => response.writeHead(500).end());
  await world.start({ retry: { subscription: [60_000], lastResort: [] } });
  const { subscriptionId } = await world.subscribe("northtel", { url: receiver.url });
  await world.publish(newStory().opened());
  await waitFor(async () => (await log("northtel"))[0]?.attempts.length === 1);
  await world.call("northtel", "DELETE", `/v1/subscriptions/${subscriptionId}`);
  expect((await log("northtel"))[0]).toMatchObject({ state: "cancelled" });
});

test("the log lists deliveries on result pages, the newest first, with filters by case, subscription and state", async () => {
  const receiver = await world.receiver();
  await world.start();
  const one = await world.subscribe("northtel", { url: receiver.url, events: ["case.opened"] });
  const two = await world.subscribe("northtel", { url: `${receiver.url}/2`, events: ["case.opened"] });
  const stories = Array.from({ length: 4 }, () => newStory());
  for (const story of stories) await world.publish(story.opened());
  await waitFor(() => world.published.length === 8);
  const pages: { deliveryId: string }[][] = [];
  for (let next: string | undefined = ""; next !== undefined;) {
    const { body } = await world.call("northtel", "GET", `/v1/deliveries?limit=3${next && `&cursor=${next}`}`);
    pages.push(body.items);
    next = body.next;
  }
  expect(pages.map(({ length }) => length)).toEqual([3, 3, 2]);
  const ids = pages.flat().map(({ deliveryId }) => deliveryId);
  expect(ids).toEqual(ids.toSorted().toReversed());
  expect(await log("northtel", `?subscription=${one.subscriptionId}`)).toHaveLength(4);
  expect(await log("northtel", `?case=${stories[0]?.caseId}`)).toHaveLength(2);
  expect(await log("northtel", `?case=${stories[0]?.caseId}&subscription=${two.subscriptionId}`)).toHaveLength(1);
  expect(await log("northtel", "?state=waiting")).toEqual([]);
  expect(await world.call("northtel", "GET", `/v1/deliveries?case=${newId("ho")}`)).toMatchObject({ status: 400 });
});

test("the operator lists the deliveries of all companies, without the paths of their webhooks; a company reads only its own", async () => {
  const receiver = await world.receiver();
  await world.start();
  await world.subscribe("northtel", { url: `${receiver.url}/marker-path?token=marker-token`, events: ["case.opened"] });
  const story = newStory();
  await world.publish(story.opened());
  await waitFor(() => world.published.length === 1);
  const [own] = await log("northtel");
  expect(own).toMatchObject({ party: "northtel", url: `${receiver.url}/marker-path?token=marker-token` });
  const [read] = await log("operator", "?party=northtel");
  expect(read).toEqual({ ...own, url: new URL(receiver.url).origin });
  expect(await log("operator", `?case=${story.caseId}`)).toEqual([read]);
  expect(await log("operator", "?party=lumen")).toEqual([]);
  const path = `/v1/deliveries/${own.deliveryId}`;
  expect((await world.call("operator", "GET", path)).body).toEqual(read);
  expect(await world.call("operator", "POST", `${path}/redeliver`)).toMatchObject({ status: 403 });
  expect(await log("lumen", "?party=northtel")).toEqual([]);
  expect(await world.call("lumen", "GET", path)).toMatchObject({ status: 404 });
});
