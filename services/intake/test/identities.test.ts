import { randomUUID } from "node:crypto";
import { topics } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { imei } from "./imei.ts";
import { routingOf } from "./routing.ts";
import { type ApiResponse, type World, createWorld, opening, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

type Client = World["northtel"];
const contact = (client: Client, subject: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  client.post("/v1/contacts", opening({ subject, ...more }));
const caseOf = ({ body }: ApiResponse): string => body.case.id;
const setCountry = (client: Client, party: string, country: unknown) =>
  client.send("PUT", `/v1/parties/${party}/country`, {
    body: JSON.stringify({ country }),
    headers: { "content-type": "application/json" },
  });

describe("an identifier", () => {
  test.each([
    ["X-9", ["X-9", " X-9", "X-9 "]],
    ["R\u00e9f-1", ["Re\u0301f-1", "R\u00e9f-1", "\u00a0R\u00e9f-1\u3000"]],
  ])("intake reads all spellings of a case's identifier as the same identifier: %j", async (id, spellings) => {
    const { body } = await world.northtel.post("/v1/cases", opening({ carrierCaseId: spellings[0] }));
    expect(body.carrierCaseId).toBe(id);
    for (const carrierCaseId of spellings) {
      const taken = await world.northtel.post("/v1/cases", opening({ carrierCaseId }));
      expect(taken).toMatchObject({ status: 409, body: { code: "already_exists", caseId: body.id } });
      const listed = await world.northtel.get(`/v1/cases?carrierCaseId=${encodeURIComponent(carrierCaseId)}`);
      expect(listed.body.items.map((item: { id: string }) => item.id)).toEqual([body.id]);
    }
  });

  test("a repeated request with another spelling of an identifier gets the first response", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const body = opening({ carrierCaseId: "X-10" });
    const first = await world.northtel.post("/v1/cases", body, headers);
    const again = await world.northtel.post("/v1/cases", { ...body, carrierCaseId: " X-10" }, headers);
    expect(again).toMatchObject({ status: 201, body: { id: first.body.id } });
  });

  test("intake reads a customer's id in both Unicode normal forms as the same id, and refuses a blank id", async () => {
    const customerId = `Mu\u0308ller-${randomUUID()}`;
    const first = await contact(world.northtel, { customerId });
    const second = await contact(world.northtel, { customerId: ` ${customerId.normalize("NFC")}` });
    expect(second).toMatchObject({ status: 200, body: { case: { id: caseOf(first) } } });
    for (const blank of ["", " ", "\u200b"])
      expect(await contact(world.northtel, { customerId: blank })).toMatchObject({
        status: 400,
        body: { fields: [{ at: "/subject/customerId" }] },
      });
  });

  test("intake reads all spellings of a person's id as the same id", async () => {
    const { body } = await world.northtel.post("/v1/cases", opening());
    const start = (person: string) => world.northtel.post(`${body.links.handlings}`, { channel: "phone", person });
    await start("rep-1");
    await start(" rep-1 ");
    const { items } = (await world.northtel.get(body.links.handlings)).body;
    expect(items.map(({ person }: { person: string }) => person)).toEqual(["rep-1", "rep-1"]);
  });

  test("intake reads all spellings of an identifier in an imported row as the same identifier", async () => {
    await world.line("northtel", "measure", "observe");
    const { id } = (await world.northtel.post("/v1/timelines", { kind: "import" })).body;
    const rows = ["X-9", " X-9", "X-9 "].map((carrierCaseId, index) =>
      JSON.stringify({ row: index + 1, carrierCaseId, time: "2016-01-01T00:00:00Z", status: "inProgress" }),
    );
    const imported = await world.northtel.send("POST", `/v1/timelines/${id}/import?line=measure`, {
      body: rows.join("\n"),
      headers: { "content-type": "application/x-ndjson", "idempotency-key": randomUUID() },
    });
    expect(imported).toMatchObject({ status: 200, body: { importedRows: 3, casesOpened: 1 } });
  });
});

test.each([
  ["a blank title", { title: " \u00a0\u200b" }, "/title"],
  ["a title that reverses its direction", { title: "invoice \u202egpj.exe" }, "/title"],
  ["a title with an isolate", { title: "\u2067abc\u2069" }, "/title"],
  ["a title that hides text", { title: "hello\u{e0061}\u{e007f}" }, "/title"],
  ["a blank name", { subject: { name: " " } }, "/subject/name"],
  ["a disguised model", { device: { model: "8700\u202e" } }, "/device/model"],
])("intake refuses %s and names its place", async (_, more, at) => {
  const refused = await world.northtel.post("/v1/cases", opening(more));
  expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request", fields: [{ at }] } });
});

test("intake keeps the Unicode joiners and direction marks that a text needs", async () => {
  for (const title of ["می‌خواهم", "👩‍💻 क्‍ष", "\u200fשלום"]) {
    expect(await world.northtel.post("/v1/cases", opening({ title }))).toMatchObject({ status: 201, body: { title } });
  }
});

describe("a carrier's country", () => {
  test("a carrier sets and reads its own country, and the event about the carrier contains the country", async () => {
    const maple = await world.party("maple", "carrier");
    expect((await maple.get("/v1/parties/maple")).body).toMatchObject({ party: "maple", kind: "carrier" });
    expect(await setCountry(maple, "maple", "CA")).toMatchObject({ status: 200, body: { country: "CA" } });
    expect((await maple.get("/v1/parties/maple")).body).toMatchObject({ party: "maple", country: "CA" });
    await setCountry(maple, "maple", "CA");
    await world.operator.post("/v1/parties/maple/keys");
    const partyEvents = () => world.events.filter(({ topic, key }) => topic === topics.party && key === "maple");
    await waitFor(() => partyEvents().length === 4);
    expect(partyEvents().map(({ data }) => (data as { country?: string }).country)).toEqual([
      undefined,
      undefined,
      "CA",
      "CA",
    ]);
    expect((await world.operator.get("/v1/parties/maple")).body).toMatchObject({ country: "CA" });
    expect((await world.operator.get("/v1/parties")).body.items).toContainEqual(
      expect.objectContaining({ party: "maple", country: "CA" }),
    );
    for (const wrong of ["XX", "ca", "CAN", null])
      expect(await setCountry(maple, "maple", wrong)).toMatchObject({
        status: 400,
        body: { fields: [{ at: "/country" }] },
      });
    expect((await setCountry(world.lumen, "maple", "GB")).status).toBe(404);
    expect((await world.lumen.get("/v1/parties/maple")).status).toBe(404);
    expect((await setCountry(world.operator, "maple", "GB")).status).toBe(403);
    expect((await setCountry(world.orchard, "orchard", "US")).status).toBe(403);
  });

  test("contacts join one case if their spellings of a number mean the same number in the carrier's country", async () => {
    const toronto = await world.party("toronto", "carrier");
    const london = await world.party("london", "carrier");
    await setCountry(toronto, "toronto", "CA");
    await setCountry(london, "london", "GB");
    const casesOf = async (client: Client, spellings: readonly string[]) => {
      const responses = [];
      for (const msisdn of spellings) responses.push(await contact(client, { msisdn }));
      return responses.map((response) => [caseOf(response), response.body.case.subject.msisdn]);
    };
    const ours = await casesOf(toronto, ["(416) 555-0100", "011 1 416 555 0100", "+1 416 555 0100", "14165550100"]);
    expect(new Set(ours.map(String)).size).toBe(1);
    expect(ours[0]?.[1]).toBe("+14165550100");
    const theirs = await casesOf(london, ["020 7946 0018", "+44 20 7946 0018", "00442079460018"]);
    expect(new Set(theirs.map(String)).size).toBe(1);
    expect((await contact(london, { msisdn: "(416) 555-0100" })).status).toBe(400);
    expect(caseOf(await contact(london, { msisdn: "+1 416 555 0100" }))).not.toBe(ours[0]?.[0]);
  });

  test("intake refuses an msisdn that is invalid in the carrier's country, but accepts any text in the field phone", async () => {
    const client = await world.party("ottawa", "carrier");
    await setCountry(client, "ottawa", "CA");
    const { body } = await client.post("/v1/cases", opening());
    const refused = [
      await contact(client, { msisdn: "555-0100" }),
      await client.post("/v1/cases", opening({ subject: { msisdn: "555-0100" } })),
      await client.post(body.links.contacts, { channel: "phone", subject: { msisdn: "555-0100" } }),
      await client.post(body.links.entries, { kind: "note", text: "x", subject: { msisdn: "555-0100" } }),
      await client.post(`${body.links.self}/corrections`, { reason: "x", subject: { msisdn: "555-0100" } }),
    ];
    for (const response of refused)
      expect(response).toMatchObject({
        status: 400,
        body: { code: "invalid_request", fields: [{ at: "/subject/msisdn" }] },
      });
    const phones = ["(416) 555-0101", "at the desk"].map((phone) => contact(client, { phone }));
    expect((await Promise.all(phones)).map((response) => response.body.case.subject.phone)).toEqual([
      "+14165550101",
      "at the desk",
    ]);
  });

  test("a new country also applies to numbers that were stored earlier, and repeated requests get their first responses", async () => {
    const client = await world.party("regina", "carrier");
    const headers = { "idempotency-key": randomUUID() };
    const body = opening({ subject: { msisdn: "306 555 0100" } });
    const first = await client.post("/v1/contacts", body, headers);
    const other = await contact(client, { customerId: "C-1", msisdn: "306 555 0102" });
    await contact(client, { customerId: "C-1", msisdn: "306 555 0103" });
    await setCountry(client, "regina", "CA");
    expect(await client.post("/v1/contacts", body, headers)).toMatchObject({ status: 201, body: first.body });
    expect(caseOf(await contact(client, { msisdn: "+1 306 555 0100" }))).toBe(caseOf(first));
    expect(caseOf(await contact(client, { msisdn: "+1 306 555 0102" }))).toBe(caseOf(other));
    expect(caseOf(await contact(client, { msisdn: "+1 306 555 0103" }))).toBe(caseOf(other));
  });

  test("a new country does not restore the number of a device that a correction removed", async () => {
    const client = await world.party("halifax", "carrier");
    const { body } = await contact(client, { msisdn: "902 555 0100" });
    const { id, links } = body.case;
    await client.post(`${links.self}/corrections`, { reason: "x", subject: { msisdn: "902 555 0101" } });
    await setCountry(client, "halifax", "CA");
    expect(caseOf(await contact(client, { msisdn: "+1 902 555 0101" }))).toBe(id);
    expect(caseOf(await contact(client, { msisdn: "+1 902 555 0100" }))).not.toBe(id);
  });
});

describe("a mail address", () => {
  test("contacts join one case if their mail addresses differ only in capital letters", async () => {
    const name = randomUUID();
    const first = await contact(world.northtel, { email: `${name}@example.com` });
    const second = await contact(world.northtel, { email: ` ${name.toUpperCase()}@Example.COM` });
    expect(second).toMatchObject({ status: 200, body: { joined: true, case: { id: caseOf(first) } } });
    expect((await contact(world.northtel, { email: `${name}+tag@example.com` })).status).toBe(201);
    expect((await contact(world.lumen, { email: `${name}@example.com` })).status).toBe(201);
  });

  test("two devices with the same mail address have two cases, and the ledger accepts the same tried step for both", async () => {
    const email = `${randomUUID()}@example.com`;
    const one = (await contact(world.northtel, { email, imei: imei() })).body.case;
    const other = (await contact(world.northtel, { email, imei: imei() })).body.case;
    expect(other.id).not.toBe(one.id);
    const tried = { kind: "step-tried", step: { name: "reboot", outcome: "failed" } };
    expect((await world.northtel.post(one.links.entries, tried)).status).toBe(201);
    expect((await world.northtel.post(other.links.entries, tried)).status).toBe(201);
  });

  test("a mail address stays with the case if the device is corrected", async () => {
    const email = `${randomUUID()}@example.com`;
    const { id, links } = (await contact(world.northtel, { email, imei: imei() })).body.case;
    await world.northtel.post(`${links.self}/corrections`, { reason: "x", subject: { imei: imei() } });
    expect(caseOf(await contact(world.northtel, { email }))).toBe(id);
  });

  test("a vendor's contact with a mail address waits, and then joins the case of the customer with this address", async () => {
    const email = `${randomUUID()}@example.com`;
    const id = caseOf(await contact(world.northtel, { email }));
    expect((await contact(world.orchard, { email })).body).toMatchObject({ waiting: true });
    const { offer, accept } = routingOf(world, id);
    await offer();
    await accept();
    expect((await world.northtel.get(`/v1/cases/${id}`)).body.counts.contacts).toBe(2);
  });

  test("intake refuses a malformed mail address from a carrier or a vendor, and names the field", async () => {
    const refused = { status: 400, body: { fields: [{ at: "/subject/email" }] } };
    expect(await contact(world.northtel, { email: "" })).toMatchObject(refused);
    expect(await contact(world.northtel, { email: "Ann <ann@example.com>" })).toMatchObject(refused);
    expect(await contact(world.orchard, { email: "ann@" })).toMatchObject(refused);
  });
});
