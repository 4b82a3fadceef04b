import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { imei } from "./imei.ts";
import { routingOf } from "./routing.ts";
import { type World, createWorld, opening, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

type Client = World["northtel"];
const contact = (client: Client, more: Record<string, unknown>, headers: Record<string, string> = {}) =>
  client.post("/v1/contacts", opening(more), headers);
const countOf = async (id: string) => (await world.northtel.get(`/v1/cases/${id}`)).body.counts.contacts;

const fromRouting = (caseId: string) => routingOf(world, caseId);

describe("a carrier's contact", () => {
  test("a contact opens a case, and the next contact joins this case with any spelling of the IMEI", async () => {
    const one = imei();
    const first = await contact(world.northtel, { subject: { imei: one } });
    expect(first).toMatchObject({ status: 201, body: { joined: false, waiting: false } });
    const { id } = first.body.case;
    const written = `${one.slice(0, 2)}-${one.slice(2, 8)}-${one.slice(8)}`;
    const second = await contact(world.northtel, { channel: "chat", subject: { imei: written } });
    expect(second).toMatchObject({ status: 200, body: { joined: true, case: { id, counts: { contacts: 2 } } } });
  });

  test("a contact joins the case of its customer, and the case of an identity that an earlier contact named", async () => {
    const customerId = randomUUID();
    const { id } = (await contact(world.northtel, { subject: { customerId } })).body.case;
    const laterImei = imei();
    expect((await contact(world.northtel, { subject: { customerId, imei: laterImei } })).body.case.id).toBe(id);
    expect((await contact(world.northtel, { subject: { imei: laterImei } })).body.case.id).toBe(id);
    expect((await world.northtel.get(`/v1/cases/${id}`)).body.subject).toEqual({ customerId, imei: laterImei });
  });

  test("a contact about another device of the same customer opens another case", async () => {
    const customerId = randomUUID();
    const { id } = (await contact(world.northtel, { subject: { customerId, imei: imei() } })).body.case;
    const other = await contact(world.northtel, { subject: { customerId, imei: imei() } });
    expect(other.status).toBe(201);
    expect(other.body.case.id).not.toBe(id);
  });

  test("a contact that names a device joins no inquiry of its customer, and opens a case of its own", async () => {
    const email = `${randomUUID()}@customer.example`;
    const inquiry = await contact(world.northtel, { kind: "inquiry", subject: { email } });
    expect(inquiry.status).toBe(201);
    for (const device of [{ imei: imei() }, { iccid: "8901260862291477114" }]) {
      const own = await contact(world.northtel, { subject: { email, ...device } });
      expect(own.body.case.id).not.toBe(inquiry.body.case.id);
    }
    expect(await countOf(inquiry.body.case.id)).toBe(1);
  });

  test("a person who gives another telephone number still joins their inquiry", async () => {
    const email = `${randomUUID()}@customer.example`;
    const inquiry = await contact(world.northtel, { kind: "inquiry", subject: { email, msisdn: "+14165550101" } });
    const again = await contact(world.northtel, {
      kind: "inquiry",
      subject: { email, msisdn: "+14165550102", phone: "+1 416 555 0103" },
    });
    expect(again.body.case.id).toBe(inquiry.body.case.id);
    const byPhone = await contact(world.northtel, {
      kind: "inquiry",
      channel: "phone",
      subject: { phone: "(416) 555-0103", msisdn: "+14165550103" },
    });
    expect(byPhone.body.case.id).toBe(inquiry.body.case.id);
  });

  test("a contact never joins another carrier's case", async () => {
    const subject = { imei: imei() };
    const { id } = (await contact(world.northtel, { subject })).body.case;
    const other = await contact(world.lumen, { subject });
    expect(other.status).toBe(201);
    expect(await countOf(id)).toBe(1);
  });

  test("twenty concurrent contacts about one device open one case", async () => {
    const subject = { imei: imei() };
    const responses = await Promise.all(Array.from({ length: 20 }, () => contact(world.northtel, { subject })));
    expect(responses.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(19);
    expect(new Set(responses.map(({ body }) => body.case.id)).size).toBe(1);
    expect(await countOf(responses[0]?.body.case.id)).toBe(20);
  });

  test("a repeated contact gets its first response again", async () => {
    const body = opening({ subject: { imei: imei() } });
    const headers = { "idempotency-key": randomUUID() };
    const first = await world.northtel.post("/v1/contacts", body, headers);
    const again = await world.northtel.post("/v1/contacts", body, headers);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(await countOf(first.body.case.id)).toBe(1);
  });

  test("a contact joins a case that was closed in the last 30 days, and does not reopen it", async () => {
    const subject = { imei: imei() };
    const { id } = (await contact(world.northtel, { subject })).body.case;
    await world.northtel.post(`/v1/cases/${id}/close`);
    const letter = await contact(world.northtel, { channel: "other", subject });
    expect(letter).toMatchObject({ status: 200, body: { joined: true, case: { id, status: "closed" } } });
    await waitFor(() => world.eventTypes(id).at(-1) === "case.contacted");
    await world.database.query({
      text: `update case_record set state = jsonb_set(state::jsonb, '{endedAt}', to_jsonb($2::bigint)) where id = $1`,
      values: [id, Date.now() - 31 * 86_400_000],
    });
    expect((await contact(world.northtel, { subject })).status).toBe(201);
  });

  test.each([
    ["imei", "490154203237519"],
    ["iccid", "89014103211118510721"],
    ["esn", "xyz"],
    ["msisdn", "none"],
  ])("a contact with an impossible %s is refused, and the refusal names the field", async (field, value) => {
    const subject = { [field]: value };
    const places = [
      await contact(world.northtel, { subject }),
      await contact(world.orchard, { subject }),
      await world.northtel.post("/v1/cases", opening({ subject })),
    ];
    for (const response of places)
      expect(response).toMatchObject({ status: 400, body: { fields: [{ at: `/subject/${field}` }] } });
  });
});

describe("a contact that a vendor records", () => {
  test("a vendor's contact waits while the case is only offered, and joins when the vendor accepts", async () => {
    const subject = { imei: imei() };
    const { id } = (await contact(world.northtel, { subject })).body.case;
    const waiting = { status: 200, body: { joined: false, waiting: true } };
    expect(await contact(world.orchard, { channel: "chat", subject })).toMatchObject(waiting);
    const { offer, accept } = fromRouting(id);
    await offer();
    expect(await contact(world.orchard, { channel: "mail", subject })).toMatchObject(waiting);
    expect(await countOf(id)).toBe(1);
    await accept();
    const { items } = (await world.northtel.get(`/v1/cases/${id}/contacts`)).body;
    const listed = items.map((item: any) => `${item.author.party} ${item.channel}`);
    expect(listed).toEqual(["northtel phone", "orchard chat", "orchard mail"]);
    const third = await contact(world.orchard, { subject });
    expect(third.body).toMatchObject({ joined: true, case: { id, counts: { contacts: 4 } } });
  });

  test("intake stores a vendor's repeated contact only once", async () => {
    const subject = { imei: imei() };
    const { id } = (await contact(world.northtel, { subject })).body.case;
    const body = opening({ subject });
    const headers = { "idempotency-key": randomUUID() };
    const first = await world.orchard.post("/v1/contacts", body, headers);
    expect((await world.orchard.post("/v1/contacts", body, headers)).body).toEqual(first.body);
    const mismatch = await world.orchard.post("/v1/contacts", { ...body, channel: "chat" }, headers);
    expect(mismatch).toMatchObject({ status: 422, body: { code: "idempotency_mismatch" } });
    const { offer, accept } = fromRouting(id);
    await offer();
    await accept();
    expect(await countOf(id)).toBe(2);
    // The test repeats the request after the contact has joined the case.
    expect((await world.orchard.post("/v1/contacts", body, headers)).body).toEqual(first.body);
    expect(await countOf(id)).toBe(2);
  });

  test("a vendor's contact during the acceptance joins the case, whichever of the two is committed first", async () => {
    const subject = { imei: imei() };
    const { id } = (await contact(world.northtel, { subject })).body.case;
    const { offer, accept } = fromRouting(id);
    await offer();
    const posts = Array.from({ length: 12 }, () => contact(world.orchard, { subject }));
    await Promise.all([...posts, accept()]);
    expect(await countOf(id)).toBe(13);
  });

  test("a vendor's contact gets the same response if no case exists as if another company has the case", async () => {
    const subject = { imei: imei() };
    await contact(world.northtel, { subject });
    const foreign = await contact(world.orchard, { subject });
    const nobodys = await contact(world.orchard, { subject: { imei: imei() } });
    expect(foreign.body).toEqual(nobodys.body);
  });

  test("a vendor's contact must name its device, because the vendor does not share the carrier's customer ids", async () => {
    const customerId = randomUUID();
    const { id } = (await contact(world.northtel, { subject: { customerId } })).body.case;
    const { offer, accept } = fromRouting(id);
    await offer();
    await accept();
    const refused = await contact(world.orchard, { subject: { customerId } });
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ at: "/subject" }] } });
    const waits = await contact(world.orchard, { subject: { customerId, imei: imei() } });
    expect(waits.body).toEqual({ joined: false, waiting: true });
  });
});

test("the stored identities of cases do not reveal the customer", async () => {
  const subject = { imei: imei(), customerId: randomUUID(), msisdn: "+14165550177" };
  await contact(world.northtel, { subject });
  const rows = await world.database.query<{ identity: string }>({ text: "select identity from case_identity" });
  expect(rows.length).toBeGreaterThan(3);
  for (const { identity } of rows) expect(identity).toMatch(/^[-\w]{22}$/);
});
