import { type Message, newId, topics } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Mailbox, startMailbox } from "./mailbox.ts";
import { createWorld, type World } from "./world.ts";

/* Events about no case go to the subscriptions of the companies that the event names. */

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

const stepped = "stp_0000000000000000000000000a";
const about = { by: "northtel", title: "New addresses of the gateway", startsAt: "2026-03-16T02:00:00Z" };

function changeEvent(type: string, companies: string[], more: Partial<Message> = {}): Message {
  const data = {
    actor: { party: "northtel", person: "lead-2", automated: false },
    companies,
    ...about,
    ...(type === "change.announced"
      ? { description: "Devices lose mail.", symptoms: [], confirmBy: "2026-03-10T02:00:00Z", late: true }
      : { company: companies.at(-1), confirmBy: "2026-03-10T02:00:00Z", overdue: false }),
  };
  return {
    topic: topics.change,
    key: newId("ch"),
    sequence: 1,
    type,
    time: Date.now(),
    timeline: "wall",
    data,
    ...more,
  };
}

test("each company that the event names receives it once, and no other company receives it", async () => {
  await world.start();
  const [northtel, orchard, lumen, quill] = await Promise.all([1, 2, 3, 4].map(() => world.receiver()));
  await world.subscribe("northtel", { url: northtel!.url });
  await world.subscribe("orchard", { url: orchard!.url, events: ["change.announced"] });
  await world.subscribe("lumen", { url: lumen!.url });
  await world.subscribe("quill", { url: quill!.url, events: ["clock.breached"] });
  const announced = changeEvent("change.announced", ["northtel", "orchard", "quill"]);
  const confirmed = changeEvent("change.confirmed", ["northtel", "orchard"], { key: announced.key, sequence: 2 });
  await world.publish(announced, announced, confirmed);
  await waitFor(() => northtel!.received.length === 2 && orchard!.received.length === 1);
  expect(orchard!.events()).toMatchObject([
    { type: "crossline.change.announced.v1", source: "/crossline/intake", subject: announced.key, data: about },
  ]);
  expect(northtel!.events().map(({ type }) => type)).toEqual([
    "crossline.change.announced.v1",
    "crossline.change.confirmed.v1",
  ]);
  // A later event shows that nothing else was sent.
  await world.publish(changeEvent("change.announced", ["lumen"]));
  await waitFor(() => lumen!.received.length > 0);
  expect([lumen!.received.length, quill!.received.length, orchard!.received.length]).toEqual([1, 0, 1]);
});

test("⚠ no webhook and no mail contains the names of the other companies", async () => {
  mailbox = await startMailbox();
  await world.start({ mail: { url: mailbox.url, from: "crossline@northtel.example" } });
  const hook = await world.receiver();
  await world.subscribe("orchard", { url: hook.url });
  await world.subscribe("orchard", { mail: "duty@orchard.example" });
  await world.publish(changeEvent("change.announced", ["northtel", "orchard", "lumen", "quill"]));
  await waitFor(() => hook.received.length === 1 && mailbox?.mails.length === 1);
  const [mail] = mailbox.mails;
  expect(mail?.mail.subject).toBe("[Crossline] New addresses of the gateway");
  expect(mail?.mail.text).toContain("confirmBy: 2026-03-10T02:00:00Z");
  expect(`${hook.received[0]?.body} ${mail?.mail.text}`).not.toMatch(/lumen|quill|companies/);
});

test("the carrier of a problem receives a late investigation, and no other company receives it", async () => {
  await world.start();
  const [northtel, orchard] = [await world.receiver(), await world.receiver()];
  await world.subscribe("northtel", { url: northtel.url, events: ["problem.overdue"] });
  await world.subscribe("orchard", { url: orchard.url });
  const data = {
    actor: { party: "northtel", automated: true },
    companies: ["northtel"],
    carrier: "northtel",
    problemId: newId("pb"),
    title: "Cases of the channel web lack msid",
    status: "new",
    investigateBy: "2026-03-16T02:00:00Z",
    incarnation: 1,
  };
  const late = { topic: topics.problem, key: data.problemId, sequence: 2, type: "problem.overdue" };
  await world.publish({ ...late, time: Date.now(), timeline: "wall", data });
  await waitFor(() => northtel.received.length === 1);
  expect(northtel.events()).toMatchObject([
    {
      type: "crossline.problem.overdue.v1",
      source: "/crossline/intake",
      subject: data.problemId,
      data: { status: "new" },
    },
  ]);
  await world.publish(changeEvent("change.announced", ["orchard"]));
  await waitFor(() => orchard.received.length > 0);
  expect(orchard.events().map(({ type }) => type)).toEqual(["crossline.change.announced.v1"]);
});

test("an event of a stepped timeline goes to subscriptions of the timeline, and sends no mail", async () => {
  mailbox = await startMailbox();
  await world.start({ mail: { url: mailbox.url, from: "crossline@northtel.example" } });
  const [wallHook, steppedHook] = [await world.receiver(), await world.receiver()];
  await world.subscribe("orchard", { url: wallHook.url });
  await world.subscribe("orchard", { url: steppedHook.url, timeline: stepped });
  await world.subscribe("orchard", { mail: "duty@orchard.example", timeline: stepped });
  await world.publish(changeEvent("change.announced", ["orchard"], { timeline: stepped }));
  await waitFor(() => steppedHook.received.length === 1);
  const states = async () =>
    (await world.call("orchard", "GET", "/v1/deliveries")).body.items.map(({ state }: { state: string }) => state);
  await waitFor(async () => !(await states()).includes("waiting"));
  expect(new Set(await states())).toEqual(new Set(["delivered", "recorded"]));
  expect([wallHook.received.length, mailbox.mails.length]).toEqual([0, 0]);
});
