import { randomUUID } from "node:crypto";
import { type Message, topics, wall } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routingOf } from "./routing.ts";
import { type World, createWorld, opening, waitFor } from "./world.ts";

/* The routes of outbound messages, and the outcomes of mails that notification publishes. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

type Body = Record<string, unknown>;
const messageLimits = { open: 20, kept: 50 };
const link = "https://help.northtel.example/articles/12";
const text = "We found the fault. A person will call you at ten.";
const email = "avery@customer.example";
const byMail = { text, via: "mail", person: "rep-7" };

/** Opens a case of the carrier Northtel, and returns functions for its messages. */
async function open(more: Body = {}) {
  const { id } = (await world.northtel.post("/v1/cases", opening({ channel: "mail", subject: { email }, ...more })))
    .body;
  const path = `/v1/cases/${id}/messages`;
  const write = (body: Body = {}, client = world.northtel) => client.post(path, { text, person: "rep-7", ...body });
  const act = (messageId: string, command: string, body: Body = {}, client = world.northtel) =>
    client.post(`${path}/${messageId}/${command}`, body);
  const list = async (query = "") => (await world.northtel.get(`${path}?${query}`)).body;
  let sequence = 0;
  /** Publishes the outcome of a mail as notification does. */
  const outcome = (type: "mail.accepted" | "mail.refused", messageId: string, reused = false) => {
    if (!reused) sequence++;
    const data =
      type === "mail.accepted"
        ? { messageId, acceptedAt: new Date().toISOString() }
        : { messageId, reason: "The mail server refused the mail with status 550." };
    const message: Message = { topic: topics.mail, key: id, sequence, type, time: Date.now(), timeline: wall, data };
    return world.publish(message);
  };
  return { id: id as string, path, write, act, list, outcome };
}

const eventsOf = (caseId: string) => world.events.filter(({ key, topic }) => key === caseId && topic === topics.case);
async function eventOf(caseId: string, type: string) {
  await waitFor(() => eventsOf(caseId).some((event) => event.type === type), { timeoutMs: 10_000 });
  return eventsOf(caseId).find((event) => event.type === type)?.data;
}

describe("a message that the carrier's CRM sends", () => {
  test("is released at once, and is a contact after the CRM reported it as sent", async () => {
    const one = await open();
    const written = await one.write({ channel: "sms" });
    expect(written).toMatchObject({
      status: 201,
      body: { id: expect.stringMatching(/^ms_/), state: "released", marks: [] },
    });
    const { id } = written.body;
    expect((await world.northtel.get(`/v1/cases/${one.id}`)).body.counts.contacts).toBe(1);
    const sent = await one.act(id, "sent", { sentAt: new Date(Date.now() - 1_000).toISOString() });
    expect(sent).toMatchObject({ status: 200, body: { id, state: "sent" } });
    expect(await eventOf(one.id, "case.contacted")).toMatchObject({
      messageId: id,
      direction: "outbound",
      channel: "sms",
      content: "answer",
      actor: { party: "northtel", person: "rep-7" },
    });
    expect((await one.list()).items).toMatchObject([
      { id, state: "sent", text, author: { person: "rep-7" }, via: "crm" },
    ]);
    expect(await one.act(id, "sent")).toMatchObject({ status: 409, body: { code: "illegal_transition" } });
  });

  test("cannot be sent in the future", async () => {
    const one = await open();
    const { id } = (await one.write({ channel: "sms" })).body;
    const sentAt = new Date(Date.now() + 3_600_000).toISOString();
    expect(await one.act(id, "sent", { sentAt })).toMatchObject({ status: 400, body: { fields: [{ at: "/sentAt" }] } });
    expect((await one.list()).items).toMatchObject([{ state: "released" }]);
  });

  test("can be withdrawn before it is sent, and then accepts no command", async () => {
    const one = await open();
    const { id } = (await one.write({ channel: "sms" })).body;
    expect(await one.act(id, "withdraw")).toMatchObject({ status: 400, body: { fields: [{ at: "/reason" }] } });
    const reason = "The customer called in the meantime.";
    expect(await one.act(id, "withdraw", { reason })).toMatchObject({ status: 200, body: { state: "withdrawn" } });
    for (const [command, body] of [
      ["sent", {}],
      ["failed", { reason }],
      ["withdraw", { reason }],
      ["release", { reason }],
      ["reword", { text }],
    ] as const)
      expect(await one.act(id, command, body)).toMatchObject({ status: 409, body: { code: "illegal_transition" } });
    expect((await one.list()).items).toMatchObject([{ state: "withdrawn", reason }]);
  });

  test("failed after it was sent: the event says so", async () => {
    const one = await open();
    const { id } = (await one.write({ channel: "sms" })).body;
    await one.act(id, "sent");
    const reason = "The number does not exist.";
    expect(await one.act(id, "failed", { reason })).toMatchObject({ status: 200, body: { state: "failed" } });
    expect(await eventOf(one.id, "message.failed")).toMatchObject({ messageId: id, reason, wasSent: true });
    expect((await one.list()).items).toMatchObject([{ state: "failed", reason }]);
  });
});

describe("a held message", () => {
  test("shows its marks, and its author needs a reason", async () => {
    const one = await open();
    const held = await one.write({ text: link });
    const marks = [{ from: 0, to: link.length, rule: "link-only" }];
    expect(held).toMatchObject({ status: 201, body: { state: "held", marks } });
    const { id } = held.body;
    for (const person of ["rep-7", undefined])
      expect(await one.act(id, "release", { person })).toMatchObject({
        status: 422,
        body: { code: "reason_needed", marks },
      });
    const program = { reason: "x", automated: true };
    expect(await one.act(id, "release", program)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    const reason = "The customer asked for the link.";
    const released = await one.act(id, "release", { person: "rep-7", reason });
    expect(released).toMatchObject({ status: 200, body: { state: "released", marks: [] } });
    expect((await one.list()).items).toMatchObject([
      { state: "released", content: "article", reason, releasedBy: { person: "rep-7" }, marks },
    ]);
  });

  test("is released by a second person without a reason, or at once with the reason of its author", async () => {
    const one = await open();
    const { id } = (await one.write({ text: link })).body;
    expect(await one.act(id, "release", { person: "lead-2" })).toMatchObject({
      status: 200,
      body: { state: "released" },
    });
    const direct = await one.write({ text: link, reason: "The customer asked for the link." });
    expect(direct).toMatchObject({ status: 201, body: { state: "released" } });
  });

  test("is released at once after an acceptable text, and stays held after another marked text", async () => {
    const one = await open();
    const { id } = (await one.write({ text: link })).body;
    expect(await one.act(id, "reword", { text: `${link}?again` })).toMatchObject({ body: { state: "held" } });
    expect(await one.act(id, "reword", { text })).toMatchObject({ status: 200, body: { state: "released" } });
    expect(await one.act(id, "reword", { text })).toMatchObject({ status: 409 });
    expect((await one.list()).items).toMatchObject([{ state: "released", text, content: "answer" }]);
  });

  test("cannot be reported as sent or failed", async () => {
    const one = await open();
    const { id } = (await one.write({ text: link })).body;
    for (const [command, body] of [
      ["sent", {}],
      ["failed", { reason: "x" }],
    ] as const)
      expect(await one.act(id, command, body)).toMatchObject({ status: 409, body: { code: "illegal_transition" } });
  });
});

describe("a message by mail", () => {
  test("goes to the address of the case, and is sent when the mail server has accepted it", async () => {
    const one = await open();
    const { id } = (await one.write(byMail)).body;
    expect(await eventOf(one.id, "message.released")).toMatchObject({ via: "mail", text, subject: { email } });
    await one.outcome("mail.accepted", id);
    expect((await one.list()).items).toMatchObject([{ id, state: "sent" }]);
    expect(await eventOf(one.id, "case.contacted")).toMatchObject({
      messageId: id,
      content: "answer",
      channel: "mail",
    });
  });

  test("fails when notification could not send it, and no contact exists", async () => {
    const one = await open();
    const { id } = (await one.write(byMail)).body;
    await one.outcome("mail.refused", id);
    const reason = "The mail server refused the mail with status 550.";
    expect((await one.list()).items).toMatchObject([{ id, state: "failed", reason }]);
    expect(await eventOf(one.id, "message.failed")).toMatchObject({ messageId: id, wasSent: false });
    expect((await world.northtel.get(`/v1/cases/${one.id}`)).body.counts.contacts).toBe(1);
  });

  test.each(["mail.accepted", "mail.refused"] as const)(
    "has one outcome: a later one after %s changes nothing",
    async (first) => {
      const one = await open();
      const { id } = (await one.write(byMail)).body;
      await one.outcome(first, id);
      const before = await one.list();
      const { version } = (await world.northtel.get(`/v1/cases/${one.id}`)).body;
      await one.outcome(first, id, true);
      await one.outcome("mail.accepted", id);
      await one.outcome("mail.refused", id);
      await one.outcome("mail.accepted", "ms_unknown");
      expect(await one.list()).toEqual(before);
      expect((await world.northtel.get(`/v1/cases/${one.id}`)).body.version).toBe(version);
    },
  );

  test("bounces after it was sent", async () => {
    const one = await open();
    const { id } = (await one.write(byMail)).body;
    await one.outcome("mail.accepted", id);
    expect(await one.act(id, "failed", { reason: "The mail bounced." })).toMatchObject({ status: 200 });
    expect(await eventOf(one.id, "message.failed")).toMatchObject({ wasSent: true });
  });

  test("cannot be withdrawn or reported as sent while notification sends it", async () => {
    const one = await open();
    const { id } = (await one.write(byMail)).body;
    for (const [command, body] of [
      ["withdraw", { reason: "x" }],
      ["sent", {}],
    ] as const)
      expect(await one.act(id, command, body)).toMatchObject({ status: 409, body: { code: "illegal_transition" } });
  });

  test("needs an address, which the request can name", async () => {
    const one = await open({ subject: { customerId: randomUUID() } });
    expect(await one.write(byMail)).toMatchObject({ status: 400, body: { fields: [{ at: "/to" }] } });
    expect(await one.write({ ...byMail, to: "other@customer.example" })).toMatchObject({ status: 201 });
    expect(await eventOf(one.id, "message.released")).toMatchObject({ subject: { email: "other@customer.example" } });
  });
});

describe("a request", () => {
  test.each<[string, Body, string]>([
    ["a blank text", { text: "  " }, "/text"],
    ["a text of 5,001 characters", { text: "a".repeat(5_001) }, "/text"],
    ["a text with a control character", { text: "a\u0000b" }, "/text"],
    ["a text that hides its direction", { text: "a\u202Eb" }, "/text"],
    ["a phone call as channel", { channel: "phone" }, "/channel"],
    ["a mail by another channel", { via: "mail", channel: "sms" }, "/channel"],
    ["an address for the CRM", { to: email }, "/to"],
    ["an address with a second header", { via: "mail", to: `${email}\r\nBcc: x@y.example` }, "/to"],
    ["two addresses", { via: "mail", to: `${email}, x@y.example` }, "/to"],
    ["headers of its own", { mail: { subject: "x", messageId: "y" } }, "/mail"],
    ["an acknowledgement", { acknowledges: true }, "/acknowledges"],
  ])("with %s is refused", async (_, body, at) => {
    const one = await open();
    const refused = await one.write(body);
    expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    expect(JSON.stringify(refused.body.fields)).toContain(at.slice(1));
    expect((await one.list()).items).toEqual([]);
  });

  test("that is repeated writes one message and gets the first response", async () => {
    const one = await open();
    const key = { "idempotency-key": randomUUID() };
    const first = await world.northtel.post(one.path, { text }, key);
    const again = await world.northtel.post(one.path, { text }, key);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    const other = await world.northtel.post(one.path, { text: "another" }, key);
    expect(other).toMatchObject({ status: 422, body: { code: "idempotency_mismatch" } });
    expect((await one.list()).items).toHaveLength(1);
    expect(await world.northtel.post(one.path, { text }, { "idempotency-key": "" })).toMatchObject({
      status: 400,
      body: { code: "missing_idempotency_key" },
    });
  });

  test("about an unknown message, or about a message of another case, gets 404", async () => {
    const [one, other] = [await open(), await open({ subject: { customerId: randomUUID() } })];
    const { id } = (await other.write({ text: link })).body;
    for (const unknown of ["ms_01jnrf8k1m3n5p7r9s1t3v5w7x", id, "x"])
      expect(await one.act(unknown, "release", { reason: "x" })).toMatchObject({
        status: 404,
        body: { code: "not_found" },
      });
  });

  test("of another company is refused: a vendor reads the messages, and a stranger does not know the case", async () => {
    const one = await open();
    const { offer, accept } = routingOf(world, one.id);
    await offer();
    await accept();
    const { id } = (await one.write({ text: link })).body;
    for (const [client, status] of [
      [world.orchard, 403],
      [world.lumen, 404],
    ] as const) {
      expect(await one.write({}, client)).toMatchObject({ status });
      for (const [command, body] of [
        ["reword", { text }],
        ["release", { person: "lead-2" }],
        ["withdraw", { reason: "x" }],
        ["sent", {}],
        ["failed", { reason: "x" }],
      ] as const)
        expect(await one.act(id, command, body, client)).toMatchObject({ status });
    }
    expect((await world.orchard.get(one.path)).body.items).toMatchObject([{ id, state: "held", text: link }]);
    expect(await world.lumen.get(one.path)).toMatchObject({ status: 404 });
  });
});

describe("the size", () => {
  test("of a case has a limit of messages that are not sent yet", async () => {
    const one = await open();
    for (let index = 0; index < messageLimits.open; index++)
      expect((await one.write({ channel: "sms" })).status).toBe(201);
    expect(await one.write()).toMatchObject({ status: 422, body: { code: "limit_reached" } });
    const [{ id }] = (await one.list()).items;
    await one.act(id, "withdraw", { reason: "x" });
    expect((await one.write()).status).toBe(201);
  });

  test("of a text is at most 5,000 characters, also of the longest encoding and with line breaks", async () => {
    const one = await open();
    const long = "\u{1F600}\n".repeat(1_666) + "é€";
    expect(long).toHaveLength(5_000);
    expect((await one.write({ text: long })).status).toBe(201);
    expect((await one.list()).items).toMatchObject([{ text: long }]);
  });

  test("of a result page has a limit, and the pages list each message once in order", async () => {
    const one = await open();
    const ids: string[] = [];
    for (let index = 0; index < 7; index++) {
      const { id } = (await one.write({ text: `${index}: ${text}`, channel: "sms" })).body;
      ids.push(id);
      if (index % 2 === 0) await one.act(id, "sent");
    }
    const pages: string[][] = [];
    for (let query: string | undefined = "limit=3"; query !== undefined;) {
      const { items, next }: { items: { id: string }[]; next?: string } = await one.list(query);
      pages.push(items.map(({ id }) => id));
      query = next === undefined ? undefined : `limit=3&cursor=${next}`;
    }
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual(ids);
    for (const query of ["limit=0", "limit=101", "cursor=x.y"])
      expect(await world.northtel.get(`${one.path}?${query}`)).toMatchObject({ status: 400 });
  });

  test("of the stored state is limited, and the list still has every message", async () => {
    const one = await open();
    const count = messageLimits.kept + 5;
    for (let index = 0; index < count; index++) {
      const { id } = (await one.write({ channel: "sms" })).body;
      await one.act(id, "withdraw", { reason: "x" });
    }
    const [row] = await world.database.query<{ kept: number }>({
      text: "select json_array_length(state::json -> 'messages') as kept from case_record where id = $1",
      values: [one.id],
    });
    expect(row?.kept).toBe(messageLimits.kept);
    expect((await one.list("limit=100")).items).toHaveLength(count);
  }, 60_000);
});
