import { newId, topics } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Receiver } from "./receiver.ts";
import { newStory } from "./story.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
let receivers: Record<"northtel" | "lumen" | "orchard" | "quill", Receiver>;
beforeEach(async () => {
  world = await createWorld();
  const [northtel, lumen, orchard, quill] = await Promise.all([1, 2, 3, 4].map(() => world.receiver()));
  receivers = { northtel, lumen, orchard, quill } as typeof receivers;
  await world.start();
});
afterEach(() => world.stop());

const subscribeAll = (timeline?: string) =>
  Promise.all(
    Object.entries(receivers).map(([party, { url }]) => world.subscribe(party, { url, ...(timeline && { timeline }) })),
  );
const idsOf = (party: keyof typeof receivers) =>
  receivers[party].received.map(({ id }) => id.split("/").toSpliced(1, 1).join("/"));
const delivered = (count: number) => waitFor(() => world.published.length === count);

test("the carrier receives all events, a vendor receives events from its offer on, and other companies receive none", async () => {
  await subscribeAll();
  const story = newStory();
  await world.publish(story.opened(), story.noted("before the offer"), story.breached());
  await world.publish(story.offered("orchard"));
  await world.publish(story.noted("after the offer"), story.breached());
  await delivered(6 + 3);
  expect(idsOf("northtel").toSorted()).toEqual(["case/1", "case/2", "case/3", "clock/1", "clock/2", "handoff/1"]);
  expect(idsOf("orchard").toSorted()).toEqual(["case/3", "clock/2", "handoff/1"]);
  expect(idsOf("lumen")).toEqual([]);
  expect(idsOf("quill")).toEqual([]);
});

test("the carrier and the holder receive the event of a silent handling, without the field `order`", async () => {
  await subscribeAll();
  const own = await world.receiver();
  await world.subscribe("northtel", { url: own.url, events: ["handling.silent"] });
  const story = newStory();
  await world.publish(story.opened(), story.silent());
  await delivered(1 + 1 + 1);
  await world.publish(story.offered("orchard"), story.silent("orchard"));
  await delivered(3 + 2 + 3);
  expect(idsOf("northtel").toSorted()).toEqual(["case/1", "clock/1", "clock/2", "handoff/1"]);
  expect(idsOf("orchard").toSorted()).toEqual(["clock/2", "handoff/1"]);
  expect(idsOf("lumen")).toEqual([]);
  const first = own.events().find(({ data }) => data["party"] === "northtel");
  expect(first).toMatchObject({ type: "crossline.handling.silent.v1", subject: story.caseId });
  expect(first?.data).toEqual({
    handlingId: expect.stringMatching(/^hd_/),
    party: "northtel",
    channel: "phone",
    silentSince: "2026-03-07T14:03:00Z",
  });
});

test("only the company of the author receives an internal entry", async () => {
  await subscribeAll();
  const story = newStory();
  await world.publish(story.opened());
  await world.publish(story.offered("orchard"));
  await world.publish(
    story.noted("ours", "internal"),
    story.noted("theirs", "internal", "orchard"),
    story.noted("for all"),
  );
  await delivered(2 + 1 + 1 + 1 + 2);
  expect(idsOf("northtel").toSorted()).toEqual(["case/1", "case/2", "case/4", "handoff/1"]);
  expect(idsOf("orchard").toSorted()).toEqual(["case/3", "case/4", "handoff/1"]);
  expect(receivers.orchard.received.some(({ body }) => body.includes("ours"))).toBe(false);
  expect(receivers.northtel.received.some(({ body }) => body.includes("theirs"))).toBe(false);
});

test("⚠ an internal entry leaves no gap in the sequences that other companies receive, even if one batch has all events", async () => {
  await subscribeAll();
  const story = newStory();
  const note = (text: string, audience: "internal" | "partners" = "partners", party = "northtel") =>
    story.noted(text, audience, party, true);
  await world.publish(story.opened());
  await world.publish(story.offered("orchard"));
  await world.publish(
    note("ours", "internal"),
    note("for all"),
    note("theirs", "internal", "orchard"),
    note("for all"),
  );
  await world.publish(note("ours", "internal"));
  await world.publish(note("for all"));
  await delivered(2 + 1 + (2 + 3) + 3 + 1);
  expect(idsOf("northtel").toSorted()).toEqual([
    "case/1",
    "case/2",
    "case/3",
    "case/4",
    "case/5",
    "case/6",
    "handoff/1",
  ]);
  expect(idsOf("orchard").toSorted()).toEqual(["case/2", "case/3", "case/4", "case/5", "handoff/1"]);
  const numbers = receivers.orchard.events().map(({ id, sequence }) => [id.split("/").at(-1), sequence]);
  expect(numbers.every(([last, sequence]) => last === sequence)).toBe(true);
});

test("a vendor receives neither another vendor's hand-off nor the addresses of the last resort", async () => {
  await subscribeAll();
  const story = newStory();
  await world.publish(story.opened());
  await world.publish(story.offered("orchard"), story.offered("quill"));
  await world.publish(story.lastResort(1, [receivers.lumen.url]));
  await delivered(4 + 1 + 1 + 1);
  expect(idsOf("orchard")).toEqual(["handoff/1"]);
  expect(idsOf("quill")).toEqual(["handoff/2"]);
});

test("a vendor receives the events after its offer, even if notification reads these events first; a vendor receives no events from before its offer", async () => {
  await subscribeAll();
  const story = newStory();
  await world.publish(story.opened(), story.noted("before"));
  const offer = story.offered("orchard");
  const after = [story.noted("just after, but read first"), story.noted("internal", "internal")];
  await world.publish(...after);
  await delivered(4);
  expect(idsOf("orchard")).toEqual([]);
  await world.publish(offer);
  await delivered(4 + 3);
  expect(idsOf("orchard").toSorted()).toEqual(["case/3", "handoff/1"]);
});

test("only a subscription to a stepped timeline receives the events of that timeline; the timeline's calls of the last resort are recorded and not sent", async () => {
  const stepped = newId("stp");
  const own = await world.receiver();
  const pager = await world.receiver();
  await subscribeAll();
  await world.subscribe("northtel", { url: own.url, timeline: stepped });
  const story = newStory(stepped);
  await world.publish(story.opened(), story.lastResort(1, [pager.url]));
  await delivered(3);
  expect(own.events().map(({ timeline }) => timeline)).toEqual([stepped, stepped]);
  expect(Object.values(receivers).flatMap((receiver) => receiver.received)).toEqual([]);
  expect(pager.received).toEqual([]);
  const { body } = await world.call("northtel", "GET", "/v1/deliveries?state=recorded");
  expect(body.items).toMatchObject([{ url: pager.url, eventType: "last-resort.called", attempts: [] }]);
  const recorded = world.published.find(({ type }) => type === "notification.recorded");
  const call = { topic: topics.handoff, key: story.caseId, sequence: 1 };
  expect(recorded).toMatchObject({ timeline: stepped, time: Date.parse("2026-03-07T14:00:02Z"), after: [call] });
  const again = await world.call("northtel", "POST", `/v1/deliveries/${body.items[0].deliveryId}/redeliver`);
  expect(again).toMatchObject({ status: 409 });
  const report = await world.internal(`/internal/timelines/${stepped}`);
  expect(report.body).toEqual({
    appended: { [topics.notification]: 3 },
    applied: { [topics.case]: 2, [topics.handoff]: 1 },
    parked: 0,
    dead: 0,
    lost: 0,
    pending: 0,
  });
});

test("no event of an import is sent or stored", async () => {
  await subscribeAll();
  const imported = newStory(newId("imp"));
  const story = newStory();
  await world.publish(
    imported.opened(),
    imported.offered(),
    imported.lastResort(1, [receivers.lumen.url]),
    story.opened(),
  );
  await delivered(1);
  expect(idsOf("northtel")).toEqual(["case/1"]);
  expect(await world.database.query({ text: "select case_id from case_record" })).toEqual([{ case_id: story.caseId }]);
});

test("a call of the last resort has all data that a person needs, and a signature by the carrier's secret", async () => {
  const [one, two] = [await world.receiver(), await world.receiver()];
  const story = newStory();
  await world.publish(story.opened());
  await world.publish(story.lastResort(1, [one.url, two.url, one.url]), story.lastResort(2, [one.url]));
  await delivered(3);
  expect(two.received).toHaveLength(1);
  const { secret } = (await world.call("northtel", "GET", "/v1/last-resort-secret")).body;
  const [call] = one.received;
  expect(new Webhook(secret).verify(call?.body ?? "", call?.headers ?? {})).toMatchObject({
    type: "crossline.last-resort.called.v1",
    subject: story.caseId,
    data: {
      call: 1,
      next: "PT1M",
      caseId: story.caseId,
      carrier: "northtel",
      carrierCaseId: story.carrierCaseId,
      take: { method: "POST", path: `/v1/cases/${story.caseId}/take` },
    },
  });
  expect(one.received.some(({ body }) => body.includes(two.url))).toBe(false);
});

test("no subscription receives parties or their keys", async () => {
  await subscribeAll();
  const story = newStory();
  await world.publish(story.opened());
  await delivered(1);
  expect(receivers.northtel.events().map(({ type }) => type)).toEqual(["crossline.case.opened.v1"]);
});
