import { randomUUID } from "node:crypto";
import { type EventData, type Message, newId, topics, wall } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { insertTasks, tryLockTasks } from "../src/store/tasks.ts";
import { routingOf } from "./routing.ts";
import { type World, createWorld, opening, waitFor } from "./world.ts";

/* Alike cases become an incident. The tasks of intake carry its decisions to its cases, and the reports of the cases back. */

vi.setConfig({ testTimeout: 60_000 });
const patient = { timeoutMs: 20_000 };
const blame = "It is your own fault. You should have read the manual.";

let world: World;
let southtel: World["northtel"];
beforeAll(async () => {
  world = await createWorld();
  await world.lineWith("mass", { incidents: { cases: 3, within: "PT1H" } });
  await world.lineWith("watched", { mode: "observe", crossing: [], lastResort: [] });
  southtel = await world.party("southtel", "carrier");
  await waitFor(async () => (await openRaw("first", { symptom: "warm-up" })).status === 201, patient);
});
afterAll(() => world.stop());

const openRaw = (model: string, more: Record<string, unknown> = {}) =>
  world.northtel.post(
    "/v1/cases",
    opening({ carrierCaseId: randomUUID(), line: "mass", symptom: "no-signal", device: { model }, ...more }),
  );
const open = async (model: string, more: Record<string, unknown> = {}): Promise<string> =>
  (await openRaw(model, more)).body.id;
const read = async (id: string, client = world.northtel) => (await client.get(`/v1/cases/${id}`)).body;
const incident = async (id: string) => (await world.northtel.get(`/v1/incidents/${id}`)).body;
const send = (id: string, command: string, body: object) =>
  world.northtel.post(`/v1/incidents/${id}/${command}`, { person: "rep-7", ...body });
const partOf = (id: string) => waitFor(async () => (await read(id)).incident, patient);
const isFree = (id: string) => waitFor(async () => (await read(id)).incident === undefined, patient);
const types = (id: string) => world.eventTypes(id).slice(1);
const data = <Type extends keyof Data>(id: string, type: Type) =>
  waitFor(() => world.events.find((event) => event.key === id && event.type === type)?.data as Data[Type] | undefined);
type Data = { [Type in "incident.left" | "incident.joined" | "case.resolved" | "incident.ended"]: EventData<Type> };

/** Opens three alike cases, and waits until they are an incident. */
async function openThree(model: string, more: Record<string, unknown> = {}) {
  const ids: string[] = [];
  for (let number = 0; number < 3; number++) ids.push(await open(model, more));
  const [lead = "", second = "", third = ""] = ids;
  const { id } = await partOf(lead);
  await Promise.all([partOf(second), partOf(third)]);
  return { id: id as string, lead, second, third };
}

/** Publishes the events with which a vendor gets a case. */
async function accept(id: string) {
  const routing = routingOf(world, id);
  await routing.offer();
  await routing.accept();
  await waitFor(async () => (await read(id)).holder === "orchard", patient);
  return routing;
}

/** Returns the breach that the timer publishes if a member has waited for the maximum of its line. */
function maximumOf(key: string, incarnation: string): Message {
  const at = new Date().toISOString();
  const clock = { clock: "information", kind: "information", incarnation, threshold: 100, charged: "orchard" } as const;
  const own: EventData<"clock.breached"> = { firingId: newId("fir"), ...clock, startedAt: at, dueAt: at, firedAt: at };
  return { topic: topics.clock, key, sequence: 1, type: "clock.breached", time: Date.now(), timeline: wall, data: own };
}

test("three alike cases become an incident: the oldest crosses once, the others stay with the carrier", async () => {
  const { id, lead, second, third } = await openThree("One");
  expect(await read(lead)).toMatchObject({ incident: { role: "lead", id, cases: 3 }, crossingRequested: true });
  for (const member of [second, third]) {
    expect(await read(member)).toMatchObject({
      incident: { role: "member", id, leadCaseId: lead, holder: "northtel" },
      crossingRequested: false,
      holder: "northtel",
    });
  }
  expect(await incident(id)).toMatchObject({
    state: "open",
    scope: { kind: "fault", symptom: "no-signal", model: "One" },
    leadCaseId: lead,
    cases: 3,
    members: [{ caseId: second }, { caseId: third }],
  });
  await waitFor(() => types(third).includes("incident.joined"), patient);
  expect(types(lead).filter((type) => type === "crossing.requested")).toHaveLength(1);
});

test("cases of another model, without a symptom, or of an inquiry are not alike", async () => {
  await openThree("Two");
  const others = [
    await open("Three"),
    await open("Two", { symptom: undefined }),
    await open("Two", { kind: "inquiry" }),
  ];
  const later = await open("Two");
  await partOf(later);
  for (const other of others) expect(await read(other)).not.toHaveProperty("incident");
});

test("a member does not cross by hand, leaves with a reason, and then crosses", async () => {
  const { id, second } = await openThree("Four");
  const cross = async () =>
    world.northtel.post(`/v1/cases/${second}/crossings`, { asOf: (await read(second)).version });
  expect(await cross()).toMatchObject({ status: 409, body: { code: "illegal_transition", incidentId: id } });
  const left = await send(id, "leave", { caseId: second, reason: "another fault" });
  expect(left).toMatchObject({ status: 200, body: { cases: 2, former: [{ caseId: second, cause: "removed" }] } });
  await isFree(second);
  expect(await data(second, "incident.left")).toMatchObject({ reason: "another fault", actor: { person: "rep-7" } });
  expect((await cross()).status).toBe(202);
});

test("the vendor's fix of the lead resolves each member by an event of its own", async () => {
  const { id, lead, second, third } = await openThree("Five");
  const routing = await accept(lead);
  await waitFor(async () => (await read(third)).incident?.holder === "orchard", patient);
  await routing.resolve("mast-repaired");
  for (const member of [second, third]) {
    await isFree(member);
    expect(await read(member)).toMatchObject({ status: "resolved", fixCode: "mast-repaired" });
    expect(await data(member, "incident.left")).toMatchObject({ cause: "cured" });
    expect(await data(member, "case.resolved")).toMatchObject({ actor: { party: "northtel", automated: true } });
  }
  expect(await incident(id)).toMatchObject({ state: "ended", ended: { cause: "cured", fixCode: "mast-repaired" } });
});

test("if the lead is cancelled, the members leave unsolved", async () => {
  const { id, lead, second } = await openThree("Six");
  await world.northtel.post(`/v1/cases/${lead}/status`, { status: "cancelled" });
  await isFree(second);
  expect(await read(second)).toMatchObject({ status: "acknowledged" });
  expect(await data(lead, "incident.ended")).toMatchObject({ cause: "lead-ended" });
  expect(await incident(id)).toMatchObject({ ended: { cause: "lead-ended" } });
});

test("after the maximum of the clock `information`, the member leaves and the incident continues", async () => {
  const { id, second } = await openThree("Seven");
  await waitFor(() => types(second).includes("incident.joined"), patient);
  const joined = world.events.find(({ key, type }) => key === second && type === "incident.joined");
  await world.publish(maximumOf(second, `case/${joined?.sequence}`));
  await isFree(second);
  expect(await data(second, "incident.left")).toMatchObject({ cause: "maximum" });
  await waitFor(async () => (await incident(id)).cases === 2, patient);
  expect(await incident(id)).toMatchObject({ state: "open", former: [{ caseId: second, cause: "maximum" }] });
});

describe("by hand", () => {
  test("a carrier opens an incident of unlike cases, adds a case, and ends it with a reason", async () => {
    const [lead, member, later] = [await open("A"), await open("B"), await open("C")];
    const request = { leadCaseId: lead, members: [member], reason: "A mast is down.", person: "rep-7" };
    const opened = await world.northtel.post("/v1/incidents", request);
    expect(opened).toMatchObject({ status: 201, body: { leadCaseId: lead, cases: 2, reason: "A mast is down." } });
    const { id } = opened.body;
    await partOf(member);
    expect(await send(id, "join", { caseId: later, reason: "the same mast" })).toMatchObject({ status: 200 });
    expect(await partOf(later)).toMatchObject({ id, role: "member", leadCaseId: lead });
    expect(await data(later, "incident.joined")).toMatchObject({ reason: "the same mast" });
    await waitFor(async () => (await read(lead)).incident.cases === 3, patient);
    expect(await send(id, "end", { reason: "different causes" })).toMatchObject({
      status: 200,
      body: { state: "ended" },
    });
    for (const one of [lead, member, later]) await isFree(one);
    expect(await data(later, "incident.left")).toMatchObject({ cause: "ended", reason: "different causes" });
    expect(await send(id, "end", { reason: "again" })).toMatchObject({ status: 409 });
  });

  test("an incident refuses a case that has ended, is in an incident, or belongs to another carrier", async () => {
    const { id, lead, second } = await openThree("Eight");
    const [free, closed] = [await open("D"), await open("E")];
    await world.northtel.post(`/v1/cases/${closed}/close`);
    const foreign = (await southtel.post("/v1/cases", { ...opening({ carrierCaseId: randomUUID() }), line: undefined }))
      .body.id;
    const openWith = (leadCaseId: string, members: string[]) =>
      world.northtel.post("/v1/incidents", { leadCaseId, members, reason: "x" });
    expect((await openWith(free, [second])).body.code).toBe("illegal_transition");
    expect((await openWith(free, [closed])).body.code).toBe("illegal_transition");
    expect((await openWith(lead, [free])).body.code).toBe("illegal_transition");
    expect((await openWith(free, [foreign])).body.code).toBe("not_found");
    expect((await openWith(foreign, [free])).body.code).toBe("not_found");
    expect((await openWith(await open("Eight", { line: "watched" }), [])).body).toMatchObject({
      code: "already_exists",
      incidentId: id,
    });
    expect((await send(id, "join", { caseId: closed, reason: "x" })).body.code).toBe("illegal_transition");
    expect((await send(id, "leave", { caseId: lead, reason: "x" })).body.code).toBe("illegal_transition");
    expect((await send(id, "leave", { caseId: free, reason: "x" })).body.code).toBe("not_found");
  });

  test("a repeated request opens one incident", async () => {
    const lead = await open("F");
    const headers = { "idempotency-key": randomUUID() };
    const request = { leadCaseId: lead, reason: "x" };
    const [first, again] = [
      await world.northtel.post("/v1/incidents", request, headers),
      await world.northtel.post("/v1/incidents", request, headers),
    ];
    expect([first.status, again.status, again.headers.get("idempotent-replayed")]).toEqual([201, 201, "true"]);
    expect(again.body.id).toBe(first.body.id);
  });
});

describe("the message", () => {
  const messages = async (id: string) => (await world.northtel.get(`/v1/cases/${id}/messages`)).body.items;
  const message = (id: string) => waitFor(async () => (await messages(id))[0], patient);

  test("each case gets the message of its author, and a later case gets it from a program", async () => {
    const { id, lead, second, third } = await openThree("Nine");
    const written = await send(id, "messages", { text: "We are repairing the mast.", channel: "sms" });
    expect(written).toMatchObject({ status: 200, body: { messages: [{ state: "released", cases: 3 }] } });
    for (const one of [lead, second, third])
      expect(await message(one)).toMatchObject({
        author: { person: "rep-7", automated: false },
        state: "released",
        content: "answer",
      });
    const later = await open("Nine");
    expect(await message(later)).toMatchObject({ author: { automated: true }, text: "We are repairing the mast." });
  });

  test("the guard holds the message once, and a person releases it once with a reason", async () => {
    const { id, lead, second } = await openThree("Ten");
    const held = await send(id, "messages", { text: blame, channel: "sms" });
    expect(held.body.messages).toMatchObject([{ state: "held", cases: 0 }]);
    const [{ id: messageId }] = held.body.messages;
    expect(await messages(lead)).toEqual([]);
    const unreasoned = await world.northtel.post(`/v1/incidents/${id}/messages/${messageId}/release`, {
      person: "lead-2",
    });
    expect(unreasoned.status).toBe(400);
    const released = await send(id, `messages/${messageId}/release`, {
      reason: "The text is a quotation.",
      person: "lead-2",
    });
    expect(released.body.messages).toMatchObject([{ state: "released", releasedBy: { person: "lead-2" }, cases: 3 }]);
    for (const one of [lead, second])
      expect(await message(one)).toMatchObject({
        state: "released",
        author: { person: "rep-7" },
        reason: "The text is a quotation.",
      });
    expect((await send(id, `messages/${messageId}/release`, { reason: "again" })).status).toBe(409);
  });

  test("the incident counts the cases without a mail address, which refuse a mail", async () => {
    const { id, lead } = await openThree("Eleven");
    const withMail = await open("Eleven", { subject: { email: "sam@customer.example" } });
    await partOf(withMail);
    await send(id, "messages", { text: "We are repairing the mast.", via: "mail" });
    await waitFor(async () => (await incident(id)).messages[0].refused === 3, patient);
    expect(await messages(lead)).toEqual([]);
    expect(await messages(withMail)).toHaveLength(1);
  });

  test("a held message that is withdrawn reaches no case", async () => {
    const { id, lead } = await openThree("Twelve");
    const [{ id: messageId }] = (await send(id, "messages", { text: blame, channel: "sms" })).body.messages;
    const withdrawn = await send(id, `messages/${messageId}/withdraw`, { reason: "not needed" });
    expect(withdrawn.body.messages).toMatchObject([{ state: "withdrawn", reason: "not needed" }]);
    expect(await messages(lead)).toEqual([]);
  });
});

describe("other companies", () => {
  test("a foreign carrier and a vendor read and change no incident", async () => {
    const { id, lead, second } = await openThree("Thirteen");
    const commands = [
      ["join", { caseId: second, reason: "x" }],
      ["leave", { caseId: second, reason: "x" }],
      ["end", { reason: "x" }],
      ["messages", { text: "x" }],
      ["messages/ms_1/release", { reason: "x" }],
    ] as const;
    for (const [client, status] of [
      [southtel, 404],
      [world.orchard, 403],
    ] as const) {
      for (const [command, body] of commands)
        expect((await client.post(`/v1/incidents/${id}/${command}`, body)).status).toBe(status);
      expect((await client.post("/v1/incidents", { leadCaseId: lead, reason: "x" })).status).toBe(status);
      expect((await client.get(`/v1/incidents/${id}`)).status).toBe(404);
    }
    expect((await southtel.get("/v1/incidents")).body).toEqual({ items: [] });
    expect((await world.orchard.get("/v1/incidents")).status).toBe(403);
    expect(await incident(id)).toMatchObject({ state: "open", cases: 3, messages: [] });
  });

  test("the vendor that holds the lead reads nothing of the incident on the case, and no member", async () => {
    const { id, lead, second } = await openThree("Fourteen");
    await accept(lead);
    const seen = await read(lead, world.orchard);
    expect(seen).toMatchObject({ holder: "orchard" });
    expect(JSON.stringify(seen)).not.toContain(id);
    expect((await world.orchard.get(`/v1/cases/${second}`)).status).toBe(404);
  });
});

test("a list shows the incidents of one state, newest first, in result pages", async () => {
  const list = async (query: string) => (await world.northtel.get(`/v1/incidents?${query}`)).body;
  const all = (await list("limit=100")).items.map(({ id }: { id: string }) => id);
  const first = await list("limit=2");
  const second = await list(`limit=2&cursor=${first.next}`);
  expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).toEqual(all.slice(0, 4));
  const states = async (state: string) => new Set((await list(`state=${state}`)).items.map((one: any) => one.state));
  expect([await states("open"), await states("ended")]).toEqual([new Set(["open"]), new Set(["ended"])]);
});

test("a read names the cases of an incident by their numbers, titles and status", async () => {
  const { id, lead, second, third } = await openThree("Labels");
  await send(id, "leave", { caseId: third, reason: "another fault" });
  const labelOf = async (caseId: string) => {
    const { carrierCaseId, title, status } = await read(caseId);
    return { carrierCaseId, title, status };
  };
  const [leadLabel, secondLabel, thirdLabel] = await Promise.all([lead, second, third].map(labelOf));
  expect(await incident(id)).toMatchObject({
    lead: leadLabel,
    members: [{ caseId: second, ...secondLabel }],
    former: [{ caseId: third, ...thirdLabel }],
  });
  const { items } = (await world.northtel.get("/v1/incidents?limit=100")).body;
  expect(items.find((one: { id: string }) => one.id === id).lead).toEqual(leadLabel);
});

test("if the process dies between a case and its incident, each effect happens once", async () => {
  const ids = [await open("Last"), await open("Last")];
  await waitFor(async () => (await countTasks()) === 0, patient);
  const third = await whileWorkerWaits(() => open("Last"));
  await world.restart();
  const { id } = await partOf(third);
  await waitFor(async () => (await countTasks()) === 0, patient);
  await waitFor(() => types(third).includes("incident.joined"), patient);
  const [lead = "", second = ""] = ids;
  expect(types(lead).filter((type) => type === "incident.opened")).toHaveLength(1);
  expect([second, third].map((one) => types(one))).toEqual([["incident.joined"], ["incident.joined"]]);
  // A report that arrives a second time changes nothing.
  const report = { is: "lead-held", caseId: lead, holder: "northtel" } as const;
  const task = { does: "incident", event: { is: "report", incidentId: id, report } } as const;
  await world.database.transaction((tx) => insertTasks(tx, [{ timeline: wall, subject: id, task }]));
  await waitFor(async () => (await countTasks()) === 0, patient);
  expect(types(second)).toEqual(["incident.joined"]);
});

/** Does some work and stops intake while no worker can run a task, so that the tasks of the work wait for the next process. */
async function whileWorkerWaits<Result>(work: () => Promise<Result>): Promise<Result> {
  return world.database.transaction(async (tx) => {
    await waitFor(() => tryLockTasks(tx), patient);
    const result = await work();
    expect(await countTasks()).toBeGreaterThan(0);
    await world.intake.stop();
    return result;
  });
}

async function countTasks(): Promise<number> {
  const [row] = await world.database.query<{ count: number }>({ text: "select count(*) as count from task" });
  return row?.count ?? 0;
}
