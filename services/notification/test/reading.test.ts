import { newId, topics } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Receiver } from "./receiver.ts";
import { newStory } from "./story.ts";
import { createWorld, type World } from "./world.ts";

/* After a vendor's last part in a case has ended, the vendor receives only events of its own hand-offs and promises. */

let world: World;
let orchard: Receiver;
beforeEach(async () => {
  world = await createWorld();
  orchard = await world.receiver();
  await world.start();
  await world.subscribe("orchard", { url: orchard.url });
});
afterEach(() => world.stop());

type Story = ReturnType<typeof newStory>;
const phone = "+14165550199";
const rep = { party: "northtel", person: "rep-1", automated: false };
const engineer = { party: "orchard", person: "eng-1", automated: false };
const quill = {
  vendorCaseId: "Q-1",
  nextStep: phone,
  eta: "2030-01-01T00:00:00Z",
  dossierVersion: 1,
  readBack: { problem: "dead", tried: "nothing" },
  subject: { engineer: { name: "Q", contact: phone } },
};
const evidence = { test: "swap", result: "the same", wouldChangeOurMind: "a log" };
const receivedIds = () => orchard.received.map(({ id }) => id.split("/").toSpliced(1, 1).join("/")).toSorted();
const settled = () =>
  waitFor(
    async () => (await world.database.query({ text: "select from delivery where state = 'waiting'" })).length === 0,
  );

/** Returns three events that follow all records of routing so far: a contact with a phone number, a note and a breach. */
const later = (story: Story) => [
  story.caseEvent("case.contacted", {
    actor: rep,
    contactId: newId("ct"),
    channel: "phone",
    direction: "inbound",
    content: "inquiry",
    subject: { phone },
  }),
  story.noted(phone),
  story.breached(),
];

describe.each<[name: string, end: (story: Story) => ReturnType<Story["handoff"]>[], ownLast: boolean]>([
  ["a lapse", (story) => [story.handoff("handoff.lapsed")], true],
  ["a rejection", (story) => [story.handoff("handoff.rejected", { code: "duplicate" })], true],
  ["a withdrawal", (story) => [story.handoff("handoff.withdrawn", { reason: "overtaken" })], true],
  [
    "a return",
    (story) => [
      story.handoff("handoff.accepted", quill),
      story.handoff("handoff.returned", { code: "bad-data", evidence, returns: 1 }),
    ],
    true,
  ],
  [
    "another vendor's acceptance",
    (story) => [
      story.handoff("handoff.accepted", { ...quill, nextStep: "look" }),
      story.handoff("handoff.transferred", { code: "wrong-vendor", to: "quill.desk" }),
      story.offered("quill"),
      story.handoff("handoff.accepted", quill, "quill"),
    ],
    false,
  ],
  [
    "the closing",
    (story) => [
      story.handoff("handoff.resolved", { fixCode: "x" }),
      story.caseEvent("case.closed", { actor: rep, from: "resolved", reason: "by-carrier" }),
    ],
    true,
  ],
])("after %s", (_, end, ownLast) => {
  test("the vendor receives the record that ended its part, and no later record", async () => {
    const story = newStory();
    await world.publish(story.opened());
    await world.publish(story.offered("orchard"));
    const records = end(story);
    for (const record of records) await world.publish(record);
    await settled();
    const received = receivedIds();
    const last = records.at(-1);
    expect(received.includes(`${last?.topic.split(".")[1]}/${last?.sequence}`)).toBe(ownLast);
    await world.publish(...later(story));
    await settled();
    expect(receivedIds()).toEqual(received);
    expect(orchard.received.filter(({ body }) => body.includes(phone) && !body.includes("orchard.desk"))).toEqual([]);
  });
});

test("a vendor always receives events and entries of its own hand-off, and its own promises", async () => {
  const story = newStory();
  await world.publish(story.opened());
  await world.publish(story.offered("orchard"));
  const promise = { promiseId: "pr_1", text: "a board", until: "2030-01-01T00:00:00Z" };
  await world.publish(story.caseEvent("promise.made", { actor: engineer, promisor: "orchard", ...promise }));
  await world.publish(
    story.caseEvent("promise.made", { actor: rep, promisor: "northtel", ...promise, promiseId: "pr_2" }),
  );
  await world.publish(
    story.handoff("handoff.resolved", { fixCode: "x" }),
    story.caseEvent("case.closed", { actor: rep, from: "resolved", reason: "by-carrier" }),
  );
  await settled();
  const before = receivedIds();
  const words = {
    entryId: "en_1",
    kind: "decision",
    audience: "partners",
    by: "party",
    news: false,
    text: "Resolved",
  } as const;
  await world.publish(
    story.caseEvent("entry.added", {
      ...words,
      actor: { ...engineer, automated: true },
      of: { topic: topics.handoff, sequence: 2 },
    }),
  );
  await world.publish(
    story.caseEvent("promise.delivered", {
      actor: engineer,
      promiseId: "pr_1",
      promisor: "orchard",
      evidence: "sent",
      kept: true,
    }),
  );
  await world.publish(
    story.caseEvent("promise.withdrawn", { actor: rep, promiseId: "pr_2", promisor: "northtel", reason: phone }),
  );
  await world.publish(story.handoff("handoff.confirmed"));
  await settled();
  expect(receivedIds().filter((id) => !before.includes(id))).toEqual(["case/5", "case/6", "handoff/3"]);
});

test("a vendor receives all events again after a new offer", async () => {
  const story = newStory();
  await world.publish(story.opened());
  await world.publish(story.offered("orchard"));
  await world.publish(story.handoff("handoff.lapsed"));
  await world.publish(story.noted("later"));
  await settled();
  expect(receivedIds()).toEqual(["handoff/1", "handoff/2"]);
  await world.publish(story.offered("orchard"));
  await world.publish(story.noted("for Orchard"));
  await settled();
  expect(receivedIds()).toEqual(expect.arrayContaining(["case/3", "handoff/3"]));
});

test("⚠ a vendor receives an event from before the end of its part, even if notification reads the event after that end", async () => {
  const story = newStory();
  await world.publish(story.opened());
  await world.publish(story.offered("orchard"));
  const before = story.caseEvent(
    "entry.added",
    { actor: rep, entryId: "en_1", kind: "note", audience: "partners", by: "party", news: true, text: "in time" },
    true,
  );
  const lapsed = story.handoff("handoff.lapsed");
  await world.publish(lapsed);
  await world.publish(before);
  await settled();
  expect(receivedIds()).toEqual(["case/2", "handoff/1", "handoff/2"]);
});

test("⚠ after the end of a vendor's part, notification sends the vendor no later event, not even by hand", async () => {
  const failing = await world.receiver((response) => response.writeHead(503).end());
  await world.subscribe("orchard", { url: failing.url, events: ["entry.added", "handoff.lapsed"] });
  const story = newStory();
  await world.publish(story.opened());
  await world.publish(story.offered("orchard"));
  await settled();
  const lapsed = story.handoff("handoff.lapsed");
  await world.publish(
    story.caseEvent(
      "entry.added",
      { actor: rep, entryId: "en_1", kind: "note", audience: "partners", by: "party", news: true, text: phone },
      true,
    ),
  );
  await world.publish(lapsed);
  const list = async (query: string) =>
    (await world.call("orchard", "GET", `/v1/deliveries?${query}`)).body.items as {
      deliveryId: string;
      eventType: string;
      url: string;
    }[];
  const [overtaken] = await waitFor(async () => {
    const found = await list("state=overtaken");
    return found.length > 0 ? found : undefined;
  });
  expect(overtaken?.eventType).toBe("entry.added");
  expect(await world.call("orchard", "POST", `/v1/deliveries/${overtaken?.deliveryId}/redeliver`)).toMatchObject({
    status: 409,
  });
  const waiting = (await list("state=waiting")).filter(({ url }) => url === failing.url);
  expect(waiting.map(({ eventType }) => eventType)).toEqual(["handoff.lapsed"]);
});
