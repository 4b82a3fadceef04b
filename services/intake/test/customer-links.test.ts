import { randomUUID } from "node:crypto";
import { createCustomerLinks } from "@crossline/access";
import { type ReceivedMessage, formatInstant } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCustomerActLimit } from "../src/admission/customer-acts.ts";
import { type World, createWorld, internalKey, opening, waitFor } from "./world.ts";

/* The customer's links and page at intake, with stand-ins for the timer and the console. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

async function open(more: Record<string, unknown> = {}) {
  const { body } = await world.northtel.post("/v1/cases", opening({ channel: "mail", ...more }));
  return { id: body.id as string, path: `/v1/cases/${body.id}` };
}

async function link(path: string, body: object = {}): Promise<string> {
  const made = await world.northtel.post(`${path}/customer-links`, body);
  expect(made.status).toBe(201);
  expect(made.headers.get("cache-control")).toBe("no-store");
  return made.body.path.replace("/track#", "") as string;
}

const view = (token: string) => world.client(token).get("/v1/customer-view");
const act = (token: string, body: object) => world.client(token).post("/v1/customer-view/contacts", body);

describe("a link", () => {
  test("needs no body, lasts 30 days, and works on every replica", async () => {
    const { path } = await open();
    const before = Date.now();
    const { body } = await world.northtel.post(`${path}/customer-links`);
    const days = (Date.parse(body.expiresAt) - before) / 86_400_000;
    expect(days).toBeGreaterThan(29.99);
    expect(days).toBeLessThan(30.01);
    const replica = await world.replica();
    const headers = { authorization: `Bearer ${body.path.slice("/track#".length)}` };
    expect((await fetch(`${replica.url}/v1/customer-view`, { headers })).status).toBe(200);
    await replica.stop();
  });

  test("of a case that does not exist, and of an unknown generation, is refused", async () => {
    const { id, path } = await open();
    await link(path);
    const links = createCustomerLinks(internalKey);
    const content = { carrier: "northtel", generation: 1, expiresAtSeconds: Math.floor(Date.now() / 1000) + 60 };
    expect((await view(await links.sign({ ...content, caseId: id }))).status).toBe(200);
    expect((await view(await links.sign({ ...content, caseId: id, generation: 2 }))).status).toBe(401);
    expect((await view(await links.sign({ ...content, caseId: `cs_${"0".repeat(26)}` }))).status).toBe(401);
    expect((await view(await createCustomerLinks("another key").sign({ ...content, caseId: id }))).status).toBe(401);
    expect((await view(await links.sign({ ...content, caseId: id, expiresAtSeconds: 1 }))).status).toBe(401);
  });

  test("ends with the other links of its case, and no link of another case ends", async () => {
    const [one, other] = [await open(), await open()];
    const tokens = [await link(one.path), await link(one.path)];
    const kept = await link(other.path);
    for (let time = 0; time < 2; time += 1)
      expect((await world.northtel.send("DELETE", `${one.path}/customer-links`)).status).toBe(204);
    for (const token of tokens) expect((await view(token)).status).toBe(401);
    expect((await view(kept)).status).toBe(200);
    // The second end found no link, so the generation has moved once.
    expect(await world.database.query({ text: `select * from customer_link where case_id = '${one.id}'` })).toEqual([
      { case_id: one.id, generation: 2, made: 0 },
    ]);
  });

  test("is only for the carrier of the case, and has a longest time", async () => {
    const { path } = await open();
    expect((await world.lumen.post(`${path}/customer-links`)).status).toBe(404);
    expect((await world.operator.post(`${path}/customer-links`)).status).toBe(404);
    for (const wrong of [{ expiresIn: "P91D" }, { expiresIn: "PT0S" }, { zone: "Nowhere/City" }, { language: "en" }])
      expect((await world.northtel.post(`${path}/customer-links`, wrong)).status).toBe(400);
  });
});

describe("the view", () => {
  test("names its parts that are not available, and shows the rest", async () => {
    const { path } = await open({ title: "The screen is black" });
    const token = await link(path, { zone: "Europe/Vienna" });
    world.standIns.timer.dues = undefined;
    const { body, headers } = await view(token);
    expect(body).toMatchObject({
      title: "The screen is black",
      carrier: "northtel",
      situation: "received",
      missing: ["steps", "nextAnswer"],
      steps: [],
      zone: "Europe/Vienna",
      stepped: false,
    });
    expect(headers.get("cache-control")).toBe("no-store");
    world.standIns.timer.dues = [];
    expect((await view(token)).body.missing).toEqual(["steps"]);
  });

  test("says whether the next deadline is late or promised", async () => {
    const { id, path } = await open();
    const token = await link(path);
    const due = (ms: number, kind: "promise" | "reply") => {
      const nextDue = { clock: "x", kind, dueAt: formatInstant(Date.now() + ms), charged: "northtel" };
      world.standIns.timer.dues = [{ at: 1, caseId: id, nextDue }];
    };
    due(-60_000, "reply");
    expect((await view(token)).body.nextAnswer).toMatchObject({ name: "northtel", late: true, promised: false });
    due(60_000, "promise");
    expect((await view(token)).body.nextAnswer).toMatchObject({ late: false, promised: true });
    world.standIns.timer.dues = [];
    expect((await view(token)).body).not.toHaveProperty("nextAnswer");
  });

  test("never has personal data", async () => {
    const subject = { name: "Ann Customer", msisdn: "+14165550199", email: "ann@example.com" };
    const { path } = await open({ subject });
    const text = JSON.stringify((await view(await link(path))).body);
    for (const value of Object.values(subject)) expect(text).not.toContain(value);
  });
});

describe("an act", () => {
  test("ends a wait for the customer, and its actor is a program of the carrier", async () => {
    const { id, path } = await open();
    const token = await link(path);
    await world.northtel.post(`${path}/status`, { status: "pending", waitingOn: "customer", note: "which colour?" });
    expect((await view(token)).body).toMatchObject({ situation: "waiting-for-you", acts: ["add"] });
    const added = await act(token, { act: "add", text: "Black." });
    expect(added).toMatchObject({ status: 201, body: { situation: "in-progress" } });
    const isOwn = ({ key, type }: ReceivedMessage) => key === id && type === "case.contacted";
    const contacted = await waitFor(() => world.events.findLast(isOwn));
    const actor = { party: "northtel", automated: true };
    expect(contacted.data).toMatchObject({ actor, channel: "web", direction: "inbound", content: "inquiry" });
  });

  test("has keys apart from the keys of the carrier and of other cases", async () => {
    const [one, other] = [await open(), await open()];
    const headers = { "idempotency-key": randomUUID() };
    const note = { kind: "note", text: "x" };
    expect((await world.northtel.post(`${one.path}/entries`, note, headers)).status).toBe(201);
    for (const { path } of [one, other]) {
      const client = world.client(await link(path));
      const send = () => client.post("/v1/customer-view/contacts", { act: "add", text: "x" }, headers);
      expect((await send()).status).toBe(201);
      expect((await send()).headers.get("idempotent-replayed")).toBe("true");
    }
  });

  test("needs an idempotency key, and a resolved case for a verdict", async () => {
    const { path } = await open();
    const token = await link(path);
    const client = world.client(token);
    const withoutKey = { method: "POST", headers: { "content-type": "application/json" }, body: '{"act":"works"}' };
    expect((await client.send("POST", "/v1/customer-view/contacts", withoutKey)).body.code).toBe(
      "missing_idempotency_key",
    );
    expect((await act(token, { act: "works" })).body.code).toBe("illegal_transition");
    await world.northtel.post(`${path}/status`, { status: "resolved", fixCode: "x" });
    expect((await act(token, { act: "works", text: "Thank you" })).body.situation).toBe("closed");
  });
});

describe("the limit of acts", () => {
  test("is five in a minute and fifty in a day, for each case", () => {
    let now = 0;
    const limit = createCustomerActLimit(() => now);
    const enterAt = (second: number, caseId = "a") => {
      now = second * 1_000;
      return limit.enter(caseId);
    };
    expect([0, 1, 2, 3, 4].map((second) => enterAt(second))).toEqual(Array.from({ length: 5 }));
    expect(enterAt(5)).toBe(55);
    expect(enterAt(5, "b")).toBeUndefined();
    expect(enterAt(60)).toBeUndefined();
    for (let minute = 2; minute < 46; minute += 1) expect(enterAt(minute * 60)).toBeUndefined();
    // The case has had fifty acts since the first second.
    expect(enterAt(3_600)).toBe(86_400 - 3_600);
    expect(enterAt(86_400)).toBeUndefined();
  });
});
