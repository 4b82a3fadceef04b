import type { LineRef } from "@crossline/contracts";
import { newId, queueTopic } from "@crossline/contracts";
import { ageId } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Case, type World, acceptance, newTimeline, startWorld } from "./world.ts";

let world: World;
let line: LineRef;
let one: Case;
let handoffId: string;
const timeline = newTimeline();
const base = "/v1/queues/orchard.handheld/handoffs";

beforeAll(async () => {
  world = await startWorld();
  line = await world.publish("northtel", { line: "handheld" });
  one = await world.open(line, { timeline });
  await one.cross();
  handoffId = await one.offered();
});
afterAll(() => world.stop());

const strangers = ["southtel", "quill"];

test.concurrent.each(["southtel", "quill", "northtel", "operator"])("%s cannot read Orchard's queue", async (party) => {
  const stranger = world.as(party);
  const answers = await Promise.all([
    stranger("GET", `${base}?timeline=${timeline}`),
    stranger("GET", `${base}/${handoffId}`),
    stranger("POST", `${base}/${handoffId}/claim`),
    stranger("POST", `${base}/${handoffId}/renew`, { token: 1 }),
    stranger("POST", `${base}/${handoffId}/release`, { token: 1 }),
    stranger("POST", `${base}/${handoffId}/accept`, acceptance(1, 1)),
    stranger("POST", `${base}/${handoffId}/reject`, { token: 1, code: "duplicate" }),
    stranger("POST", `${base}/${handoffId}/resolve`, { token: 1, fixCode: "x" }),
    // The party cannot read the hand-off through a queue of its own.
    stranger("GET", `/v1/queues/${party}.handheld/handoffs/${handoffId}`),
    stranger("POST", `/v1/queues/${party}.handheld/handoffs/${handoffId}/claim`),
  ]);
  expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [404, "not_found"]));
});

test.concurrent.each(strangers)("%s cannot read the case, its hand-offs or a count of its hand-offs", async (party) => {
  const stranger = world.as(party);
  const taker = { engineer: { name: "Somebody", contact: "x@example.org" } };
  const [handoffs, taken, lineOf, queues] = await Promise.all([
    stranger("GET", `/v1/cases/${one.id}/handoffs`),
    stranger("POST", `/v1/cases/${one.id}/take`, taker),
    stranger("GET", "/v1/lines/handheld"),
    stranger("GET", `/v1/queues?timeline=${timeline}`),
  ]);
  expect([handoffs.status, taken.status]).toEqual([404, 404]);
  expect(lineOf.status).toBe(party === "southtel" ? 404 : 403);
  expect(queues).toMatchObject({ status: 200, body: { items: [] } });
  const { queue } = await one.published();
  expect(queue.every(({ topic }) => topic === queueTopic("orchard", "stepped"))).toBe(true);
});

test("the refusal for another company's case takes as long as the refusal for an unknown case, and comes at once if the id is old", async () => {
  const stranger = world.as("southtel");
  const took = async (id: string): Promise<number> => {
    const startedAt = performance.now();
    expect((await stranger("GET", `/v1/cases/${id}/handoffs`)).status).toBe(404);
    return performance.now() - startedAt;
  };
  const newOne = await world.open(line, { timeline });
  const oldOne = await world.open(line, { timeline, id: ageId(newId("cs"), 60_000) });
  const [foreign = 0, unknown = 0, oldForeign = 0, oldUnknown = 0] = await Promise.all(
    [newOne.id, newId("cs"), oldOne.id, ageId(newId("cs"), 60_000)].map(took),
  );
  const [shorter, longer] = [Math.min(foreign, unknown), Math.max(foreign, unknown)];
  expect(longer / shorter).toBeLessThan(1.5);
  expect(shorter / Math.max(oldForeign, oldUnknown)).toBeGreaterThan(2);
});

test("a request for a hand-off that is not in the queue is refused at once", async () => {
  const ask = async (work: () => Promise<unknown>): Promise<number> => {
    const startedAt = performance.now();
    await work();
    return performance.now() - startedAt;
  };
  const orchard = world.as("orchard");
  const waited = ask(() => orchard("GET", `/v1/cases/${newId("cs")}/handoffs`));
  const denied = await ask(async () => expect((await orchard("GET", `${base}/${newId("ho")}`)).status).toBe(404));
  expect((await waited) / denied).toBeGreaterThan(2);
});

test("the internal route reports to intake whether a company reads a case", async () => {
  const ask = async (id: string, party: string, as = world.internal) => {
    const { status, body } = await as("GET", `/internal/cases/${id}/readers/${party}`);
    return status === 200 ? body : status;
  };
  expect(await ask(one.id, "northtel")).toEqual({ reads: true });
  expect(await ask(one.id, "orchard")).toEqual({ reads: true });
  expect(await ask(one.id, "quill")).toEqual({ reads: false });
  expect(await ask(newId("cs"), "orchard")).toEqual({ reads: false });
  expect(await ask(one.id, "orchard", world.as("orchard"))).toBe(401);
});

test("metrics name no company and no case", async () => {
  const { body } = await world.as("southtel")("GET", "/metrics");
  expect(body).toContain("crossline_handoffs_waiting");
  expect(body).not.toMatch(/northtel|orchard|cs_|ho_/);
});

test("a vendor reads only its own hand-offs of a case; the carrier and the operator read all of them", async () => {
  const both = await world.publish("northtel", {
    line: "two-vendors",
    crossing: [
      { to: "queue:orchard.handheld", mode: "ticket", repeat: 1 },
      { to: "queue:quill.broadband", mode: "ticket", repeat: 1 },
    ],
  });
  const crossing = await world.open(both);
  await crossing.cross();
  expect((await world.as("quill")("GET", `/v1/cases/${crossing.id}/handoffs`)).status).toBe(404);
  await crossing.breach("vendor.acceptance", await crossing.offered());
  const seenBy = async (party: string): Promise<string[]> => {
    const { body } = await world.as(party)("GET", `/v1/cases/${crossing.id}/handoffs`);
    return (body.handoffs as { vendor: string }[]).map(({ vendor }) => vendor);
  };
  expect(await seenBy("northtel")).toEqual(["orchard", "quill"]);
  expect(await seenBy("operator")).toEqual(["orchard", "quill"]);
  expect(await seenBy("orchard")).toEqual(["orchard"]);
  expect(await seenBy("quill")).toEqual(["quill"]);
  const { queue } = await crossing.published();
  expect(queue.map(({ topic, type, sequence }) => [topic, type, sequence])).toEqual([
    [queueTopic("orchard", "stepped"), "queue.offered", 1],
    [queueTopic("orchard", "stepped"), "queue.ended", 2],
    [queueTopic("quill", "stepped"), "queue.offered", 1],
  ]);
});

test.each([2026, 1950])(
  "a queue lists and counts its open hand-offs, the oldest first, on several result pages (%i)",
  async (year) => {
    const own = newTimeline();
    const orchard = world.as("orchard");
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) {
      const next = await world.open(line, { timeline: own, at: Date.UTC(year, 2, 7, 14, count) });
      await next.cross();
      ids.push(await next.offered());
    }
    const claim = await orchard("POST", `${base}/${ids[1]}/claim`);
    const list = (query: string) => orchard("GET", `${base}?timeline=${own}${query}`);
    const found: string[] = [];
    let cursor = "";
    for (let page = 0; page < 3; page++) {
      const { body } = await list(`&limit=2${cursor}`);
      found.push(...body.items.map((item: { handoffId: string }) => item.handoffId));
      expect(body.next === undefined).toBe(page === 2);
      cursor = `&cursor=${body.next}`;
    }
    expect(found).toEqual(ids);
    const idsOf = async (query: string) =>
      (await list(query)).body.items.map((item: { handoffId: string }) => item.handoffId);
    expect(await idsOf("&state=offered")).toEqual(ids.toSpliced(1, 1));
    expect(await idsOf("&state=claimed")).toEqual([ids[1]]);
    expect(await idsOf("&state=accepted")).toEqual([]);
    const queues = () => orchard("GET", `/v1/queues?timeline=${own}`);
    const mine = {
      queue: "orchard.handheld",
      offered: 4,
      claimed: 1,
      accepted: 0,
      oldestOfferedAt: `${year}-03-07T14:00:00Z`,
    };
    expect((await queues()).body).toEqual({ items: [mine] });
    const token = claim.body.token as number;
    const accept = await orchard("POST", `${base}/${ids[1]}/accept`, acceptance(token, claim.body.brief.case.version));
    expect(accept.status).toBe(200);
    expect((await queues()).body.items).toMatchObject([{ claimed: 0, accepted: 1 }]);
    expect(await list("&cursor=bm9uc2Vuc2U")).toMatchObject({ status: 400, body: { fields: [{ at: "cursor" }] } });
    expect((await orchard("GET", "/v1/queues/orchard.nobody/handoffs")).body).toEqual({ items: [] });
  },
);

test("a claimed hand-off is offered again when the lease of its claim has expired", async () => {
  const own = newTimeline();
  const orchard = world.as("orchard");
  const next = await world.open(line, { timeline: own });
  await next.cross();
  const id = await next.offered();
  await orchard("POST", `${base}/${id}/claim`);
  const states = async () => (await orchard("GET", `${base}?timeline=${own}&state=offered`)).body.items;
  expect(await states()).toEqual([]);
  const mark = { mark: "2026-03-07T14:02:00Z" };
  const [time, key] = [Date.UTC(2026, 2, 7, 14, 2), `${own}/0`];
  await world.send({
    topic: "crossline.case.v1",
    key,
    partition: 0,
    sequence: 1,
    type: "timeline.marked",
    time,
    timeline: own,
    data: mark,
  });
  expect(await states()).toMatchObject([
    { handoffId: id, phase: "offered", age: "PT2M", brief: { timesByHolder: { northtel: 120_000 } } },
  ]);
  expect((await orchard("GET", `/v1/queues?timeline=${own}`)).body.items).toMatchObject([{ offered: 1, claimed: 0 }]);
});

test("a request without a valid API key is refused", async () => {
  for (const path of ["/v1/queues", "/v1/lines", `/v1/cases/${one.id}/handoffs`, `/internal/timelines/${timeline}`]) {
    expect((await world.as("xl_nobody_00000000000000000000000000000000000000000000")("GET", path)).status).toBe(401);
  }
  expect((await world.as("orchard")("GET", `/internal/timelines/${timeline}`)).status).toBe(401);
});
