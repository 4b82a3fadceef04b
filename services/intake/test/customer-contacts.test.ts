import { type EventData, type Message, newId, parseInstant, topics, wall } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { imei } from "./imei.ts";
import { routingOf } from "./routing.ts";
import { type World, createWorld, opening, waitFor } from "./world.ts";

/* These tests check the effects of a contact's content for contacts on a case, for POST /v1/contacts, and for a vendor's contacts. */

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
const eventTypesAfter = async (id: string, count: number) => {
  await waitFor(() => world.eventTypes(id).length === count, {
    what: `${count} events, not ${world.eventTypes(id).join()}`,
  });
  return world.eventTypes(id);
};

/** Returns the breach that the timer publishes if the customer does not confirm the fix in time. */
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

describe("a contact on a resolved case", () => {
  test("⚠ after an inquiry, only the breach of a clock that started at the answer closes the case", async () => {
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
    expect(await eventTypesAfter(id, 5)).toEqual([
      "case.opened",
      "case.resolved",
      "case.contacted",
      "case.contacted",
      "case.closed",
    ]);
  });

  test("a contact with the content `still-broken` reopens the case and is recorded on it", async () => {
    const { id, post, read } = await open();
    await post("status", resolve);
    const response = await post("contacts", says("still-broken"));
    expect(response).toMatchObject({ status: 201, body: { status: "reopened", number: 2 } });
    expect(await read()).toMatchObject({ status: "reopened", counts: { contacts: 2 } });
    expect(await eventTypesAfter(id, 5)).toEqual([
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

  test("a carrier's contact with the content `works` confirms the fix", async () => {
    const { id, post, read } = await open();
    await post("status", resolve);
    expect(await post("contacts", says("works"))).toMatchObject({ status: 201, body: { status: "closed" } });
    expect(await read()).toMatchObject({ status: "closed", endedAt: expect.any(String) });
    expect((await eventTypesAfter(id, 5)).slice(2)).toEqual(["case.contacted", "case.confirmed", "case.closed"]);
  });

  test("a vendor's contact with the content `works` is recorded, but does not confirm the fix", async () => {
    const { id, post, read } = await open();
    const { offer } = routingOf(world, id);
    await offer();
    await post("status", resolve);
    expect(await post("contacts", says("works"), world.orchard)).toMatchObject({ status: 201 });
    expect(await read()).toMatchObject({ status: "resolved", counts: { contacts: 2 } });
  });

  test("an automatic reply changes only the number of contacts, and the case is still closed automatically", async () => {
    const { id, post, read } = await open();
    await post("status", resolve);
    await post("contacts", says("auto-reply"));
    await post("contacts", says("auto-reply", { direction: "outbound" }));
    expect(await read()).toMatchObject({ status: "resolved", counts: { contacts: 3 } });
    await world.publish(lapse(id, "case/2"));
    expect(await read()).toMatchObject({ status: "closed" });
  });
});

test("a customer's contact ends a pause that waits for the customer, and an automatic reply does not", async () => {
  const { id, post, read } = await open();
  await post("status", { status: "pending", note: "the invoice", waitingOn: "customer" });
  await post("contacts", says("auto-reply"));
  await post("contacts", says("answer", { direction: "outbound" }));
  expect(await read()).toMatchObject({ status: "pending", waiting: { on: "customer" } });
  expect(await post("contacts", says("inquiry"))).toMatchObject({ body: { status: "inProgress" } });
  expect(await read()).not.toHaveProperty("waiting");
  expect((await eventTypesAfter(id, 6)).slice(-2)).toEqual(["case.contacted", "case.status-changed"]);
});

test("a customer's contact does not end a pause that waits for the vendor", async () => {
  const { post, read } = await open();
  await post("status", { status: "pending", note: "parts", waitingOn: "vendor" });
  await post("contacts", says("inquiry"));
  expect(await read()).toMatchObject({ status: "pending" });
});

test("intake refuses an outbound contact with the content `still-broken` or `works`", async () => {
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

  test("a live contact with a person creates a handling of that person, and the handling ends at the same instant", async () => {
    const { id, post, read } = await open();
    await post("contacts", phoned);
    expect((await eventTypesAfter(id, 4)).slice(1)).toEqual(["case.contacted", "handling.started", "handling.ended"]);
    const { items } = (await world.northtel.get(`/v1/cases/${id}/handlings`)).body;
    expect(items).toMatchObject([{ person: "rep-1", channel: "phone", party: "northtel" }]);
    expect(items[0].endedAt).toBe(items[0].startedAt);
    expect(await read()).toMatchObject({ liveHandlings: [] });
    const own = world.events.filter(({ key, type }) => key === id && type.startsWith("handling."));
    expect(new Set(own.map(({ data }) => (data as any).handlingId))).toEqual(new Set([items[0].id]));
  });

  test("a live contact creates a handling unless the person of the contact already has one on the case", async () => {
    const { id, post } = await open();
    await post("handlings", phoned);
    await post("contacts", phoned);
    expect(await eventTypesAfter(id, 3)).toEqual(["case.opened", "handling.started", "case.contacted"]);
    await post("contacts", { ...phoned, person: "rep-2" });
    expect((await eventTypesAfter(id, 6)).slice(3)).toEqual(["case.contacted", "handling.started", "handling.ended"]);
  });

  test.each([
    ["without a person", { channel: "phone" }],
    ["by mail", { ...phoned, channel: "mail" }],
    ["of a program", { ...phoned, automated: true }],
    ["that is an automatic reply", { ...phoned, content: "auto-reply" }],
  ])("a contact %s creates no handling", async (_, body) => {
    const { id, post } = await open();
    await post("contacts", body);
    expect(await eventTypesAfter(id, 2)).toEqual(["case.opened", "case.contacted"]);
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
  /** Changes the stored end of a case to the instant `days` days ago. */
  const endedDaysAgo = (id: string, days: number) =>
    world.database.query({
      text: `update case_record set state = jsonb_set(state::jsonb, '{endedAt}', to_jsonb($2::bigint)) where id = $1`,
      values: [id, Date.now() - days * day],
    });

  test("⚠ a customer's mail on days 1 to 4 prevents the closing on day 3, and the content `still-broken` reopens the case", async () => {
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

  test("a contact with the content `works` closes the case that it joins", async () => {
    const { id, subject } = await resolved();
    expect(await contact({ subject, content: "works" })).toMatchObject({
      body: { joined: true, case: { id, status: "closed" } },
    });
  });

  test("⚠ a contact on day 21 joins the closed case, which stays closed, and a person owes an answer", async () => {
    const { id, subject, post, read } = await resolved();
    await post("close");
    await endedDaysAgo(id, 21);
    expect(await contact({ subject, channel: "other" })).toMatchObject({
      status: 200,
      body: { case: { id, status: "closed" } },
    });
    expect((await eventTypesAfter(id, 4)).at(-1)).toBe("case.contacted");
    expect(await read()).toMatchObject({ status: "closed", counts: { contacts: 2 } });
    const letter = world.events.findLast(({ key }) => key === id);
    expect(letter?.data).toMatchObject({ content: "inquiry", direction: "inbound", channel: "other" });
  });

  test("after the letters time, a contact opens a new case that follows the old case, and the old case refuses contacts", async () => {
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
    // The next contact joins the case that the previous contact opened.
    expect(await contact({ subject })).toMatchObject({ body: { joined: true, case: { id: late.body.case.id } } });
  });

  test("the line sets the letters time", async () => {
    await world.lineWith("short-letters", { letters: "P7D" });
    const { id, subject, post } = await resolved({ line: "short-letters" });
    await post("close");
    await endedDaysAgo(id, 6);
    expect(await contact({ subject })).toMatchObject({ body: { joined: true, case: { id } } });
    await endedDaysAgo(id, 8);
    expect(await contact({ subject })).toMatchObject({ body: { joined: false, case: { follows: id } } });
  });

  test.each(["auto-reply", "works"])(
    "a contact with the content %s joins an existing case, and is not stored if no case exists",
    async (content) => {
      const subject = { imei: imei() };
      const body = opening({ channel: "mail", subject, content });
      const headers = { "idempotency-key": newId("ct") };
      const refused = await world.northtel.post("/v1/contacts", body, headers);
      expect(refused).toMatchObject({
        status: 404,
        body: { code: "not_found", detail: expect.stringContaining("opens no case") },
      });
      expect(await contact({ content })).toMatchObject({ status: 404 });
      const { id } = (await contact({ subject })).body.case;
      const joined = await world.northtel.post("/v1/contacts", body, headers);
      expect(joined).toMatchObject({ status: 200, body: { joined: true, case: { id, counts: { contacts: 2 } } } });
    },
  );

  test("a contact with the content `still-broken` opens a case if none exists", async () => {
    expect(await contact({ content: "still-broken", subject: { imei: imei() } })).toMatchObject({ status: 201 });
  });

  test("if a company's outbound contact opens a case, the contact is recorded after the opening", async () => {
    const outbound = { direction: "outbound", content: "answer", channel: "phone", person: "rep-3" };
    const { id } = (await contact({ ...outbound, subject: { imei: imei() } })).body.case;
    expect(await eventTypesAfter(id, 4)).toEqual([
      "case.opened",
      "case.contacted",
      "handling.started",
      "handling.ended",
    ]);
    const { items } = (await world.northtel.get(`/v1/cases/${id}/contacts`)).body;
    expect(items).toMatchObject([
      { number: 1 },
      { number: 2, direction: "outbound", content: "answer", channel: "phone" },
    ]);
  });

  test("a rep who opens a case by phone gets a handling", async () => {
    const { id } = (await contact({ channel: "phone", person: "rep-4", subject: { imei: imei() } })).body.case;
    expect(await eventTypesAfter(id, 3)).toEqual(["case.opened", "handling.started", "handling.ended"]);
    expect((await world.northtel.get(`/v1/cases/${id}/contacts`)).body.items).toHaveLength(1);
  });

  test("a contact on a new or an existing case can start a handling, and the response contains the handling's id", async () => {
    const subject = { imei: imei() };
    const phoned = { channel: "phone", handling: {}, subject };
    const opened = await contact({ ...phoned, person: "rep-5" });
    const { handlingId, case: its } = opened.body;
    expect(its.liveHandlings).toMatchObject([{ id: handlingId, beatEveryMs: 60_000 }]);
    expect(await eventTypesAfter(its.id, 2)).toEqual(["case.opened", "handling.started"]);
    const joined = await contact({ ...phoned, person: "rep-6" });
    expect(joined.body.case.liveHandlings.map((one: { id: string }) => one.id)).toEqual([
      handlingId,
      joined.body.handlingId,
    ]);
    expect((await eventTypesAfter(its.id, 4)).slice(2)).toEqual(["case.contacted", "handling.started"]);
    await world.northtel.post(`/v1/cases/${its.id}/close`);
    const letter = await contact({ ...phoned, person: "rep-5" });
    expect(letter).toMatchObject({
      status: 200,
      body: { joined: true, case: { counts: { contacts: 3 }, liveHandlings: [] } },
    });
    expect(letter.body).not.toHaveProperty("handlingId");
  });

  test("a vendor's contact that waited for the acceptance joins the case, creates a handling, and has the effect of its content", async () => {
    const subject = { imei: imei() };
    const { id } = (await contact({ subject })).body.case;
    const chat = { channel: "chat", person: "eng-1", content: "still-broken", subject };
    expect(await contact(chat, world.orchard)).toMatchObject({ body: { joined: false, waiting: true } });
    const { offer, accept } = routingOf(world, id);
    await offer();
    await accept();
    const types = await eventTypesAfter(id, 6);
    expect(types.slice(1, 3)).toEqual(["case.status-changed", "entry.added"]);
    expect(types.slice(3)).toEqual(["case.contacted", "handling.started", "handling.ended"]);
    const { items } = (await world.northtel.get(`/v1/cases/${id}/handlings`)).body;
    expect(items).toMatchObject([{ party: "orchard", person: "eng-1", channel: "chat", endedAt: expect.any(String) }]);
    const contacts = (await world.northtel.get(`/v1/cases/${id}/contacts`)).body.items;
    expect(contacts).toMatchObject([{ number: 1 }, { number: 2, content: "still-broken" }]);
  });
});

test("⚠ mail every 90 minutes adds only contacts of the customer, and no sign of life of the holder", async () => {
  const start = "2026-03-07T09:00:00-05:00";
  const { id: timeline } = (await world.northtel.post("/v1/timelines", { kind: "stepped", start })).body;
  const { id, post, read } = await open({ timeline });
  for (let nth = 1; nth <= 16; nth++) {
    const to = new Date(parseInstant(start) + nth * 90 * 60_000).toISOString();
    expect(await world.northtel.post(`/v1/timelines/${timeline}/advance`, { to })).toMatchObject({ status: 200 });
    expect(await post("contacts", { channel: "mail" })).toMatchObject({ status: 201, body: { number: nth + 1 } });
  }
  const types = await eventTypesAfter(id, 17);
  expect(new Set(types.slice(1))).toEqual(new Set(["case.contacted"]));
  for (const { data } of world.events.filter(({ key, type }) => key === id && type === "case.contacted"))
    expect(data).toMatchObject({ direction: "inbound", content: "inquiry" });
  expect(await read()).toMatchObject({ status: "acknowledged", counts: { contacts: 17, liveHandlings: 0 } });
}, 60_000);
