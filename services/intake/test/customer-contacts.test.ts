import { type EventData, type Message, newId, parseInstant, topics, wall } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { imei } from "./imei.ts";
import { routingOf } from "./routing.ts";
import { type World, createWorld, opening, waitFor } from "./world.ts";

/* What a contact says, and what follows from it: on the case, by POST /v1/contacts, and from a vendor. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

type Body = Record<string, unknown>;
async function open(more: Body = {}) {
  const opened = (await world.northtel.post("/v1/cases", opening({ channel: "mail", ...more }))).body;
  const post = (path: string, body: Body = {}, client = world.northtel) =>
    client.post(`/v1/cases/${opened.id}/${path}`, body);
  const read = async () => (await world.northtel.get(`/v1/cases/${opened.id}`)).body;
  return { id: opened.id as string, post, read };
}
const resolve = { status: "resolved", fixCode: "memory-full" };
const says = (content: string, more: Body = {}) => ({ channel: "mail", content, ...more });
const toldAfter = async (id: string, count: number) => {
  await waitFor(() => world.eventTypes(id).length === count, {
    what: `${count} events, not ${world.eventTypes(id).join()}`,
  });
  return world.eventTypes(id);
};

/** What the timer tells when no confirmation came in time. */
function lapse(caseId: string, incarnation: string, sequence = 1): Message {
  const at = new Date().toISOString();
  const clock = {
    clock: "confirmation",
    kind: "confirmation",
    incarnation,
    threshold: 100,
    charged: "northtel",
  } as const;
  const data: EventData<"clock.breached"> = { firingId: newId("fir"), ...clock, startedAt: at, dueAt: at, firedAt: at };
  return { topic: topics.clock, key: caseId, sequence, type: "clock.breached", time: Date.now(), timeline: wall, data };
}

describe("on a resolved case", () => {
  test("⚠ an inquiry ends the automatic closing: a breach of before it closes nothing, one of after the answer does", async () => {
    const { id, post, read } = await open();
    await post("status", resolve);
    await post("contacts", says("inquiry"));
    await world.publish(lapse(id, "case/2"));
    expect(await read()).toMatchObject({ status: "resolved" });
    await post("contacts", says("answer", { direction: "outbound" }));
    await world.publish(lapse(id, "case/2", 2));
    expect(await read()).toMatchObject({ status: "resolved" });
    await world.publish(lapse(id, "case/4", 3));
    expect(await read()).toMatchObject({ status: "closed" });
    expect(await toldAfter(id, 5)).toEqual([
      "case.opened",
      "case.resolved",
      "case.contacted",
      "case.contacted",
      "case.closed",
    ]);
  });

  test("still-broken reopens it, and the contact is recorded on the open case", async () => {
    const { id, post, read } = await open();
    await post("status", resolve);
    const answer = await post("contacts", says("still-broken"));
    expect(answer).toMatchObject({ status: 201, body: { status: "reopened", number: 2 } });
    expect(await read()).toMatchObject({ status: "reopened", counts: { contacts: 2 } });
    expect(await toldAfter(id, 5)).toEqual([
      "case.opened",
      "case.resolved",
      "case.reopened",
      "entry.added",
      "case.contacted",
    ]);
    expect(world.events.find(({ key, type }) => key === id && type === "case.reopened")?.data).toMatchObject({
      code: "still-broken",
    });
  });

  test("works confirms where the carrier hears it", async () => {
    const { id, post, read } = await open();
    await post("status", resolve);
    expect(await post("contacts", says("works"))).toMatchObject({ status: 201, body: { status: "closed" } });
    expect(await read()).toMatchObject({ status: "closed", endedAt: expect.any(String) });
    expect((await toldAfter(id, 5)).slice(2)).toEqual(["case.contacted", "case.confirmed", "case.closed"]);
  });

  test("a vendor's works is recorded and confirms nothing", async () => {
    const { id, post, read } = await open();
    const { offer } = routingOf(world, id);
    await offer();
    await post("status", resolve);
    expect(await post("contacts", says("works"), world.orchard)).toMatchObject({ status: 201 });
    expect(await read()).toMatchObject({ status: "resolved", counts: { contacts: 2 } });
  });

  test("an automatic reply changes nothing but the number of contacts, and the closing goes on", async () => {
    const { id, post, read } = await open();
    await post("status", resolve);
    await post("contacts", says("auto-reply"));
    await post("contacts", says("auto-reply", { direction: "outbound" }));
    expect(await read()).toMatchObject({ status: "resolved", counts: { contacts: 3 } });
    await world.publish(lapse(id, "case/2"));
    expect(await read()).toMatchObject({ status: "closed" });
  });
});

test("a wait for the customer ends with a contact of the customer's, and not with an automatic reply", async () => {
  const { id, post, read } = await open();
  await post("status", { status: "pending", note: "the invoice", waitingOn: "customer" });
  await post("contacts", says("auto-reply"));
  await post("contacts", says("answer", { direction: "outbound" }));
  expect(await read()).toMatchObject({ status: "pending", waiting: { on: "customer" } });
  expect(await post("contacts", says("inquiry"))).toMatchObject({ body: { status: "inProgress" } });
  expect(await read()).not.toHaveProperty("waiting");
  expect((await toldAfter(id, 6)).slice(-2)).toEqual(["case.contacted", "case.status-changed"]);
});

test("a wait for the vendor goes on whatever the customer says", async () => {
  const { post, read } = await open();
  await post("status", { status: "pending", note: "parts", waitingOn: "vendor" });
  await post("contacts", says("inquiry"));
  expect(await read()).toMatchObject({ status: "pending" });
});

test("still-broken and works are the customer's own word: outbound they are refused", async () => {
  const { post } = await open();
  for (const content of ["still-broken", "works"]) {
    const refused = { status: 400, body: { code: "invalid_request", fields: [{ at: "/content" }] } };
    expect(await post("contacts", says(content, { direction: "outbound" }))).toMatchObject(refused);
    const looking = opening({ content, direction: "outbound" });
    expect(await world.northtel.post("/v1/contacts", looking)).toMatchObject(refused);
  }
});

describe("a live contact", () => {
  const phoned = { channel: "phone", person: "rep-1" };

  test("with a person is that person's handling too, over at the same instant", async () => {
    const { id, post, read } = await open();
    await post("contacts", phoned);
    expect((await toldAfter(id, 4)).slice(1)).toEqual(["case.contacted", "handling.started", "handling.ended"]);
    const { items } = (await world.northtel.get(`/v1/cases/${id}/handlings`)).body;
    expect(items).toMatchObject([{ person: "rep-1", channel: "phone", party: "northtel" }]);
    expect(items[0].endedAt).toBe(items[0].startedAt);
    expect(await read()).toMatchObject({ liveHandlings: [] });
    const own = world.events.filter(({ key, type }) => key === id && type.startsWith("handling."));
    expect(new Set(own.map(({ data }) => (data as any).handlingId))).toEqual(new Set([items[0].id]));
  });

  test("makes none where that person has one open, and one where another person has", async () => {
    const { id, post } = await open();
    await post("handlings", phoned);
    await post("contacts", phoned);
    expect(await toldAfter(id, 3)).toEqual(["case.opened", "handling.started", "case.contacted"]);
    await post("contacts", { ...phoned, person: "rep-2" });
    expect((await toldAfter(id, 6)).slice(3)).toEqual(["case.contacted", "handling.started", "handling.ended"]);
  });

  test.each([
    ["without a person", { channel: "phone" }],
    ["by mail", { ...phoned, channel: "mail" }],
    ["of a program", { ...phoned, automated: true }],
    ["that is an automatic reply", { ...phoned, content: "auto-reply" }],
  ])("%s makes none", async (_, body) => {
    const { id, post } = await open();
    await post("contacts", body);
    expect(await toldAfter(id, 2)).toEqual(["case.opened", "case.contacted"]);
  });
});

describe("by POST /v1/contacts", () => {
  const day = 86_400_000;
  const contact = (more: Body, client = world.northtel) =>
    client.post("/v1/contacts", opening({ channel: "mail", ...more }));
  async function resolved(more: Body = {}) {
    const subject = { imei: imei() };
    const one = await open({ subject, ...more });
    await one.post("status", resolve);
    return { ...one, subject };
  }
  /** As if the case had ended so many days ago. */
  const endedDaysAgo = (id: string, days: number) =>
    world.database.query({
      text: `update case_record set state = jsonb_set(state::jsonb, '{endedAt}', to_jsonb($2::bigint)) where id = $1`,
      values: [id, Date.now() - days * day],
    });

  test("⚠ a customer who writes on days 1 to 4 is heard: not closed on day 3, and still-broken reopens", async () => {
    const { id, subject, read } = await resolved();
    expect(await contact({ subject })).toMatchObject({
      status: 200,
      body: { joined: true, case: { id, status: "resolved" } },
    });
    await contact({ subject });
    await world.publish(lapse(id, "case/2"));
    expect(await read()).toMatchObject({ status: "resolved" });
    expect(await contact({ subject, content: "still-broken" })).toMatchObject({
      body: { case: { id, status: "reopened" } },
    });
    await world.publish(lapse(id, "case/4", 2));
    expect(await read()).toMatchObject({ status: "reopened", counts: { contacts: 4 } });
  });

  test("works closes the case that it joins", async () => {
    const { id, subject } = await resolved();
    expect(await contact({ subject, content: "works" })).toMatchObject({
      body: { joined: true, case: { id, status: "closed" } },
    });
  });

  test("⚠ a letter on day 21 is recorded on the closed case, which stays closed: an answer is owed", async () => {
    const { id, subject, post, read } = await resolved();
    await post("close");
    await endedDaysAgo(id, 21);
    expect(await contact({ subject, channel: "other" })).toMatchObject({
      status: 200,
      body: { case: { id, status: "closed" } },
    });
    expect((await toldAfter(id, 4)).at(-1)).toBe("case.contacted");
    expect(await read()).toMatchObject({ status: "closed", counts: { contacts: 2 } });
    const letter = world.events.findLast(({ key }) => key === id);
    expect(letter?.data).toMatchObject({ content: "inquiry", direction: "inbound", channel: "other" });
  });

  test("after the time for letters a new case follows the old one; what is said on the old one is refused", async () => {
    const { id, subject, post } = await resolved();
    await post("close");
    await endedDaysAgo(id, 31);
    const late = await contact({ subject });
    expect(late).toMatchObject({ status: 201, body: { joined: false, case: { follows: id, status: "acknowledged" } } });
    expect(late.body.case.id).not.toBe(id);
    expect((await world.northtel.get(late.body.case.links.self)).body.follows).toBe(id);
    await waitFor(() => world.eventTypes(late.body.case.id).length === 1);
    expect(world.events.find(({ key }) => key === late.body.case.id)?.data).toMatchObject({ follows: id });
    expect(await post("contacts", says("inquiry"))).toMatchObject({
      status: 409,
      body: { code: "illegal_transition" },
    });
    // The next one joins the new case.
    expect(await contact({ subject })).toMatchObject({ body: { joined: true, case: { id: late.body.case.id } } });
  });

  test("the line says for how long letters are taken", async () => {
    await world.lineWith("short-letters", { letters: "P7D" });
    const { id, subject, post } = await resolved({ line: "short-letters" });
    await post("close");
    await endedDaysAgo(id, 6);
    expect(await contact({ subject })).toMatchObject({ body: { joined: true, case: { id } } });
    await endedDaysAgo(id, 8);
    expect(await contact({ subject })).toMatchObject({ body: { joined: false, case: { follows: id } } });
  });

  test.each(["auto-reply", "works"])(
    "%s opens no case, joins one that is there, and leaves nothing behind",
    async (content) => {
      const subject = { imei: imei() };
      const body = opening({ channel: "mail", subject, content });
      const headers = { "idempotency-key": newId("ct") };
      const refused = await world.northtel.post("/v1/contacts", body, headers);
      expect(refused).toMatchObject({
        status: 404,
        body: { code: "not_found", detail: expect.stringContaining("opens none") },
      });
      expect(await contact({ content })).toMatchObject({ status: 404 });
      const { id } = (await contact({ subject })).body.case;
      const joined = await world.northtel.post("/v1/contacts", body, headers);
      expect(joined).toMatchObject({ status: 200, body: { joined: true, case: { id, counts: { contacts: 2 } } } });
    },
  );

  test("still-broken without a case opens one", async () => {
    expect(await contact({ content: "still-broken", subject: { imei: imei() } })).toMatchObject({ status: 201 });
  });

  test("the company's own contact that opens a case stands behind the opening, as what it was", async () => {
    const told = { direction: "outbound", content: "answer", channel: "phone", person: "rep-3" };
    const { id } = (await contact({ ...told, subject: { imei: imei() } })).body.case;
    expect(await toldAfter(id, 4)).toEqual(["case.opened", "case.contacted", "handling.started", "handling.ended"]);
    const { items } = (await world.northtel.get(`/v1/cases/${id}/contacts`)).body;
    expect(items).toMatchObject([
      { number: 1 },
      { number: 2, direction: "outbound", content: "answer", channel: "phone" },
    ]);
  });

  test("a rep on the phone who opens a case by it has handled it", async () => {
    const { id } = (await contact({ channel: "phone", person: "rep-4", subject: { imei: imei() } })).body.case;
    expect(await toldAfter(id, 3)).toEqual(["case.opened", "handling.started", "handling.ended"]);
    expect((await world.northtel.get(`/v1/cases/${id}/contacts`)).body.items).toHaveLength(1);
  });

  test("with a handling it begins one, whether it opens a case or joins one, and says its id", async () => {
    const subject = { imei: imei() };
    const phoned = { channel: "phone", handling: {}, subject };
    const opened = await contact({ ...phoned, person: "rep-5" });
    const { handlingId, case: its } = opened.body;
    expect(its.liveHandlings).toMatchObject([{ id: handlingId, beatEveryMs: 60_000 }]);
    expect(await toldAfter(its.id, 2)).toEqual(["case.opened", "handling.started"]);
    const joined = await contact({ ...phoned, person: "rep-6" });
    expect(joined.body.case.liveHandlings.map((one: { id: string }) => one.id)).toEqual([
      handlingId,
      joined.body.handlingId,
    ]);
    expect((await toldAfter(its.id, 4)).slice(2)).toEqual(["case.contacted", "handling.started"]);
    await world.northtel.post(`/v1/cases/${its.id}/close`);
    const letter = await contact({ ...phoned, person: "rep-5" });
    expect(letter).toMatchObject({
      status: 200,
      body: { joined: true, case: { counts: { contacts: 3 }, liveHandlings: [] } },
    });
    expect(letter.body).not.toHaveProperty("handlingId");
  });

  test("what a vendor was told while the case was on its way comes with its handling, and says what it said", async () => {
    const subject = { imei: imei() };
    const { id } = (await contact({ subject })).body.case;
    const chat = { channel: "chat", person: "eng-1", content: "still-broken", subject };
    expect(await contact(chat, world.orchard)).toMatchObject({ body: { joined: false, waiting: true } });
    const { offer, accept } = routingOf(world, id);
    await offer();
    await accept();
    const told = await toldAfter(id, 6);
    expect(told.slice(1, 3)).toEqual(["case.status-changed", "entry.added"]);
    expect(told.slice(3)).toEqual(["case.contacted", "handling.started", "handling.ended"]);
    const { items } = (await world.northtel.get(`/v1/cases/${id}/handlings`)).body;
    expect(items).toMatchObject([{ party: "orchard", person: "eng-1", channel: "chat", endedAt: expect.any(String) }]);
    const contacts = (await world.northtel.get(`/v1/cases/${id}/contacts`)).body.items;
    expect(contacts).toMatchObject([{ number: 1 }, { number: 2, content: "still-broken" }]);
  });
});

test("⚠ mail every 90 minutes leaves nothing but contacts of the customer: no sign of life of the holder", async () => {
  const start = "2026-03-07T09:00:00-05:00";
  const { id: timeline } = (await world.northtel.post("/v1/timelines", { kind: "stepped", start })).body;
  const { id, post, read } = await open({ timeline });
  for (let nth = 1; nth <= 16; nth++) {
    const to = new Date(parseInstant(start) + nth * 90 * 60_000).toISOString();
    expect(await world.northtel.post(`/v1/timelines/${timeline}/advance`, { to })).toMatchObject({ status: 200 });
    expect(await post("contacts", { channel: "mail" })).toMatchObject({ status: 201, body: { number: nth + 1 } });
  }
  const told = await toldAfter(id, 17);
  expect(new Set(told.slice(1))).toEqual(new Set(["case.contacted"]));
  for (const { data } of world.events.filter(({ key, type }) => key === id && type === "case.contacted"))
    expect(data).toMatchObject({ direction: "inbound", content: "inquiry" });
  expect(await read()).toMatchObject({ status: "acknowledged", counts: { contacts: 17, liveHandlings: 0 } });
}, 60_000);
