import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ask, acceptance, sound, startWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await waitFor(async () => (await world.as("quill")("GET", "/v1/queues")).status === 200);
});
afterAll(() => world.stop());

const lineTo = (line: string, queue: string) => ({
  ...sound,
  line,
  crossing: [{ to: `queue:${queue}`, mode: "ticket" }],
});

test("a line that names a queue not open to the line's carrier is refused, and the refusal names the nearest open queue", async () => {
  const [northtel, southtel, quill] = [world.as("northtel"), world.as("southtel"), world.as("quill")];
  const old = await northtel("POST", "/v1/lines", lineTo("old", "quill.first"));
  expect(old).toMatchObject({ status: 201, body: { warnings: [{ at: "/crossing/0/to" }] } });

  expect(await quill("PUT", "/v1/queues/quill.tier2")).toMatchObject({ status: 200, body: { queue: "quill.tier2" } });
  const own = { carriers: ["northtel"] };
  expect(await quill("PUT", "/v1/queues/quill.tier3", own)).toMatchObject({ status: 200, body: own });

  const written = lineTo("typo", "quill.teir2");
  const refused = await northtel("POST", "/v1/lines", written);
  const message = "the queue quill.teir2 is not open to northtel; the nearest open queue is quill.tier2";
  const fields = [{ at: "/crossing/0/to", message }];
  expect(refused).toMatchObject({ status: 422, body: { code: "line_does_not_lint", fields } });
  expect((await northtel("POST", "/v1/lines/lint", written)).body).toEqual({ faults: fields });
  expect((await northtel("POST", "/v1/lines/old/versions", { ...written, line: "old" })).status).toBe(422);
  const good = await northtel("POST", "/v1/lines", lineTo("good", "quill.tier3"));
  expect(good.status).toBe(201);
  expect(good.body.warnings).toBeUndefined();
  expect((await southtel("POST", "/v1/lines", lineTo("good", "quill.tier3"))).status).toBe(422);

  // If a queue is open only because a published line names it, the queue is open only to the carrier of the line.
  expect((await northtel("POST", "/v1/lines", lineTo("next", "quill.first"))).status).toBe(201);
  expect((await southtel("POST", "/v1/lines", lineTo("next", "quill.first"))).status).toBe(422);
  expect((await northtel("GET", "/v1/queues/open")).body).toEqual({
    items: ["quill.first", "quill.tier2", "quill.tier3"].map((queue) => ({ queue, vendor: "quill" })),
  });
  expect((await southtel("GET", "/v1/queues/open")).body).toEqual({
    items: [{ queue: "quill.tier2", vendor: "quill" }],
  });
  expect((await quill("DELETE", "/v1/queues/quill.tier2")).status).toBe(204);
  expect((await southtel("POST", "/v1/lines", lineTo("late", "quill.tier2"))).status).toBe(422);
});

test("a vendor opens only its own queues, to registered carriers; only carriers list open queues", async () => {
  const quill = world.as("quill");
  expect((await quill("PUT", "/v1/queues/orchard.tier2")).status).toBe(404);
  expect((await quill("DELETE", "/v1/queues/quill.none")).status).toBe(404);
  expect((await world.as("northtel")("PUT", "/v1/queues/northtel.desk")).status).toBe(403);
  expect((await quill("GET", "/v1/queues/open")).status).toBe(403);
  const unknown = await quill("PUT", "/v1/queues/quill.x", { carriers: ["northtel", "orchard"] });
  expect(unknown).toMatchObject({ status: 422, body: { code: "unknown_party", fields: [{ at: "/carriers/1" }] } });
});

test("a transfer to a queue that is not open to the carrier is refused; the vendor's own named queues are allowed", async () => {
  const [orchard, quill] = [world.as("orchard"), world.as("quill")];
  const line = await world.publish("northtel", { line: "handheld" });
  const one = await world.open(line);
  await one.cross();
  const handoffId = await one.offered();
  const desk = `/v1/queues/orchard.handheld/handoffs/${handoffId}`;
  const { token, brief } = (await orchard("POST", `${desk}/claim`)).body;
  expect((await orchard("POST", `${desk}/accept`, acceptance(token, brief.case.version))).status).toBe(200);
  await orchard("PUT", "/v1/queues/orchard.tier3", { carriers: [] });
  await quill("PUT", "/v1/queues/quill.net", { carriers: ["southtel"] });
  const pass = (to: string) => orchard("POST", `${desk}/transfer`, { token, code: "wrong-team", to });
  for (const to of ["quill.net", "orchard.teir3"])
    expect(await pass(to)).toMatchObject({ status: 422, body: { code: "queue_not_open", fields: [{ at: "/to" }] } });
  expect((await pass("orchard.teir3")).body.nearest).toBe("orchard.tier3");
  expect(await pass("orchard.tier3")).toMatchObject({ status: 200, body: { phase: "transferred" } });
});

test("a vendor's list shows the carriers and the last read of each queue", async () => {
  const quill = world.as("quill");
  await quill("PUT", "/v1/queues/quill.seen", { carriers: ["northtel"] });
  expect((await quill("GET", "/v1/queues/quill.seen/handoffs")).status).toBe(200);
  await world.restart();
  const { items } = (await quill("GET", "/v1/queues")).body;
  const of = (name: string) => items.find(({ queue }: { queue: string }) => queue === name);
  expect(of("quill.seen")).toMatchObject({ offered: 0, open: { carriers: ["northtel"] } });
  expect(Date.now() - Date.parse(of("quill.seen").lastReadAt)).toBeLessThan(60_000);
  expect(of("quill.tier2")).toMatchObject({ open: { carriers: [] } });
  expect(of("quill.tier2").lastReadAt).toBeUndefined();
});

test("a carrier's list counts its own hand-offs in the queues that its lines name, and none of another carrier", async () => {
  const [northtel, southtel, orchard] = [world.as("northtel"), world.as("southtel"), world.as("orchard")];
  for (const queue of ["orchard.handheld", "orchard.tier2"]) await orchard("PUT", `/v1/queues/${queue}`);
  const line = await world.publish("northtel", { line: "counted" });
  await world.publish("southtel", { line: "counted" });
  const opening = { timeline: "wall", at: Date.now() };
  const [first, second] = [await world.open(line, opening), await world.open(line, opening)];
  for (const one of [first, second]) await one.cross();
  const desk = `/v1/queues/orchard.handheld/handoffs/${await first.offered()}`;
  await second.offered();
  const before = await queueOf(northtel, "orchard.handheld");
  const { token, brief } = (await orchard("POST", `${desk}/claim`)).body;
  const accepted = { ...acceptance(token, brief.case.version), eta: new Date(Date.now() + 3_600_000).toISOString() };
  expect((await orchard("POST", `${desk}/accept`, accepted)).status).toBe(200);

  const after = await queueOf(northtel, "orchard.handheld");
  expect(after).toMatchObject({ offered: before.offered - 1, accepted: before.accepted + 1 });
  expect(after.acceptance.count).toBe(before.acceptance.count + 1);
  expect(after.acceptance.medianMs).toBeGreaterThanOrEqual(0);
  expect(Date.now() - Date.parse(after.acceptance.since)).toBeGreaterThanOrEqual(30 * 86_400_000);
  expect(after.oldestOfferedAt).toBeDefined();
  const nothing = { queue: "orchard.handheld", offered: 0, claimed: 0, accepted: 0 };
  expect(await queueOf(southtel, "orchard.handheld")).toEqual({
    ...nothing,
    acceptance: { since: expect.any(String), count: 0 },
  });
  expect(
    (await world.as("quill")("GET", "/v1/queues")).body.items.map(({ queue }: { queue: string }) => queue),
  ).toEqual(expect.not.arrayContaining(["orchard.handheld"]));
  expect((await world.as("operator")("GET", "/v1/queues")).status).toBe(403);
  const unknown = `stp_${"0".repeat(26)}`;
  const { body } = await northtel("GET", `/v1/queues?timeline=${unknown}`);
  expect(body.items).toContainEqual(nothing);
});

async function queueOf(ask: Ask, name: string) {
  const { items } = (await ask("GET", "/v1/queues")).body;
  return items.find(({ queue }: { queue: string }) => queue === name);
}
