import { type Message, newId, topics, wall } from "@crossline/contracts";
import { ageId } from "@crossline/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type World, createWorld, opening, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

const actor = { party: "orchard", automated: false };
const open = async (more: Record<string, unknown> = {}) => (await world.northtel.post("/v1/cases", opening(more))).body;

/** Creates the events that routing publishes about a case. */
function fromRouting(caseId: string) {
  const handoffId = newId("ho");
  let sequence = 0;
  return async (type: string, data: Record<string, unknown> = {}) => {
    const one = { handoffId, vendor: "orchard", queue: "orchard.handheld", actor };
    const message: Message = {
      topic: topics.handoff,
      key: caseId,
      sequence: ++sequence,
      type,
      time: Date.now(),
      timeline: wall,
      data: {
        ...one,
        ...data,
      },
    };
    await world.publish(message);
  };
}
const offered = { step: 0, attempt: 0, mode: "ticket", reason: "clock" };
const accepted = {
  vendorCaseId: "OR-1",
  nextStep: "look",
  eta: "2030-01-01T00:00:00Z",
  dossierVersion: 1,
  readBack: {
    problem: "dead",
    tried: "nothing",
  },
  subject: {
    engineer: {
      name: "Ada",
      contact: "ada@orchard.example",
    },
  },
};

test("a vendor reads an offered case, accepts it, solves it and returns it", async () => {
  const { id } = await open();
  const publish = fromRouting(id);
  const reading = world.orchard.get(`/v1/cases/${id}`); // Intake may not have applied the crossing yet.
  await publish("handoff.offered", offered);
  expect(await reading).toMatchObject({ status: 200, body: { handoff: { phase: "offered", vendor: "orchard" } } });
  expect((await world.orchard.get("/v1/cases")).body.items).toMatchObject([{ id }]);
  await publish("handoff.claimed", { leaseUntil: "2030-01-01T00:00:00Z" });
  await publish("handoff.accepted", accepted);
  const held = (await world.orchard.get(`/v1/cases/${id}`)).body;
  expect(held).toMatchObject({ holder: "orchard", accountable: "northtel", status: "inProgress" });
  await publish("handoff.resolved", { fixCode: "memory-full" });
  const solved = (await world.northtel.get(`/v1/cases/${id}`)).body;
  expect(solved).toMatchObject({ holder: "northtel", status: "resolved", fixCode: "memory-full" });
  expect(Object.keys(solved.timesByHolder)).toEqual(["northtel", "orchard"]);
  await waitFor(() => world.eventTypes(id).length === 5);
  expect(world.eventTypes(id)).toEqual([
    "case.opened",
    "case.status-changed",
    "entry.added",
    "case.resolved",
    "entry.added",
  ]);
});

test("a case shows the current phase of its hand-off: offered after the lease expires, and claimed after a renewal", async () => {
  const { id } = await open();
  const publish = fromRouting(id);
  const phase = async (): Promise<unknown> => {
    const { body } = await world.northtel.get(`/v1/cases/${id}`);
    return [body.handoff, body.version];
  };
  await publish("handoff.offered", offered);
  await publish("handoff.claimed", { leaseUntil: "2020-01-01T00:00:00Z" });
  const one = { id: expect.any(String), vendor: "orchard", queue: "orchard.handheld" };
  expect(await phase()).toEqual([{ ...one, phase: "offered" }, 3]);
  await publish("handoff.renewed", { leaseUntil: "2040-01-01T00:00:00Z" });
  expect(await phase()).toEqual([{ ...one, phase: "claimed" }, 3]);
});

test("only the author's company reads internal entries", async () => {
  const { id } = await open();
  await fromRouting(id)("handoff.offered", offered);
  const add = (client: typeof world.orchard, audience: string, text: string) =>
    client.post(`/v1/cases/${id}/entries`, { kind: "hypothesis", audience, text });
  expect((await add(world.northtel, "internal", "it is the battery")).status).toBe(201);
  expect((await add(world.orchard, "internal", "It is the  battery")).body.news).toBe(true);
  expect((await add(world.northtel, "internal", "it is the battery")).body.news).toBe(false);
  expect((await add(world.northtel, "partners", "it is the screen")).status).toBe(201);
  expect((await add(world.orchard, "partners", "it is the screen")).body.news).toBe(false);
  const texts = async (client: typeof world.orchard) =>
    (await client.get(`/v1/cases/${id}/entries?limit=100`)).body.items.map((one: { text: string }) => one.text);
  expect(await texts(world.northtel)).toEqual([
    "it is the battery",
    "it is the battery",
    "it is the screen",
    "it is the screen",
  ]);
  expect(await texts(world.orchard)).toEqual(["It is the  battery", "it is the screen", "it is the screen"]);
});

test("a vendor can work on a case, but only the carrier can end it", async () => {
  const { id } = await open();
  await fromRouting(id)("handoff.offered", offered);
  expect((await world.orchard.post(`/v1/cases/${id}/contacts`, { channel: "phone" })).status).toBe(201);
  for (const [path, body] of [
    ["close", {}],
    ["confirm", {}],
    ["reopen", { code: "other", reason: "x" }],
    ["crossings", { asOf: 1 }],
  ] as const) {
    expect(await world.orchard.post(`/v1/cases/${id}/${path}`, body)).toMatchObject({ status: 403 });
  }
});

test("if the customer does not confirm in time, the breach closes the case and ends its live handlings", async () => {
  const { id } = await open();
  await world.northtel.post(`/v1/cases/${id}/handlings`, { channel: "phone" });
  await world.northtel.post(`/v1/cases/${id}/status`, { status: "resolved" });
  const at = new Date().toISOString();
  await world.publish({
    topic: topics.clock,
    key: id,
    sequence: 1,
    type: "clock.breached",
    time: Date.now(),
    timeline: wall,
    data: {
      firingId: "fir_1",
      clock: "confirmation",
      kind: "confirmation",
      incarnation: "case/3",
      threshold: 100,
      charged: "northtel",
      startedAt: at,
      dueAt: at,
      firedAt: at,
    },
  });
  const closed = (await world.northtel.get(`/v1/cases/${id}`)).body;
  expect(closed).toMatchObject({ status: "closed", liveHandlings: [] });
  const { items } = (await world.northtel.get(`/v1/cases/${id}/handlings`)).body;
  expect(items).toMatchObject([{ endedAt: expect.any(String) }]);
});

test("an event of an unknown case parks only that case, and other cases continue", async () => {
  const { id } = await open();
  const stranger = newId("cs");
  await Promise.all([fromRouting(stranger)("handoff.offered", offered), fromRouting(id)("handoff.offered", offered)]);
  expect((await world.northtel.get(`/v1/cases/${id}`)).body.handoff).toBeDefined();
  const parked = await world.operator.send("GET", "/internal/parked", {
    headers: { authorization: "Bearer internal-key-of-these-tests" },
  });
  expect(parked.body.parked).toMatchObject([{ key: stranger }]);
});

test("a vendor does not read the hand-off of another vendor", async () => {
  const { id } = await open();
  const quill = await world.party("quill", "vendor");
  const publish = fromRouting(id);
  await publish("handoff.offered", offered);
  await publish("handoff.lapsed");
  await publish("handoff.offered", { ...offered, handoffId: newId("ho"), vendor: "quill", queue: "quill.desk" });
  const handoff = { vendor: "quill", queue: "quill.desk" };
  expect((await world.northtel.get(`/v1/cases/${id}`)).body).toMatchObject({ handoff });
  expect((await quill.get(`/v1/cases/${id}`)).body).toMatchObject({ handoff });
  expect((await world.orchard.get(`/v1/cases/${id}`)).body).not.toHaveProperty("handoff");
  const listed = (await world.orchard.get("/v1/cases")).body.items as { id: string }[];
  expect(listed.find((item) => item.id === id)).not.toHaveProperty("handoff");
});

test("only a limited number of a vendor's requests wait for unknown cases", async () => {
  const started = performance.now();
  const waited = await Promise.all(
    Array.from({ length: 26 }, async () => {
      expect((await world.orchard.get(`/v1/cases/${newId("cs")}`)).status).toBe(404);
      return performance.now() - started;
    }),
  );
  expect(waited.filter((ms) => ms < 1_900)).toHaveLength(10);
});

/** Returns the duration of `work` in milliseconds. */
async function took(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Opens a case whose id is a minute old, and returns the id. */
async function openedEarlier(): Promise<string> {
  const { now } = Date;
  const earlier = vi.spyOn(Date, "now").mockImplementation(() => now() - 60_000);
  const { id } = await open();
  earlier.mockRestore();
  return id;
}

test("a vendor's request does not wait for an old case that routing does not let the vendor read", async () => {
  const foreign = await openedEarlier();
  const deny = (id: string) => took(async () => expect((await world.orchard.get(`/v1/cases/${id}`)).status).toBe(404));
  const [waited = 0, ...atOnce] = await Promise.all([newId("cs"), foreign, ageId(newId("cs"), 60_000)].map(deny));
  expect(waited / Math.max(...atOnce)).toBeGreaterThan(2);
});

test("a vendor's request waits for an old case that routing lets the vendor read, until intake has applied the crossing", async () => {
  const id = await openedEarlier();
  world.standIns.routing.reads = (caseId, party) => caseId === id && party === "orchard";
  const reading = world.orchard.get(`/v1/cases/${id}`);
  await fromRouting(id)("handoff.offered", offered);
  expect(await reading).toMatchObject({ status: 200, body: { handoff: { phase: "offered" } } });
});
