import { type Message, formatInstant, newId, wall } from "@crossline/contracts";
import { now } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { at, idleLine, newCase, operatorAssertion } from "./records.ts";
import { type Timer, type World, advance, createWorld, internalKey } from "./world.ts";

/* A former vendor reads the clocks of a case as of the end of the vendor's last part. */

let world: World;
let timer: Timer;
const keys: Record<string, string> = {};

beforeEach(async () => {
  world = await createWorld();
  timer = await world.start();
  await world.publish(world.line(line), world.line(idleLine("other", "PT3H")));
  for (const name of ["northtel", "orchard", "quill"]) {
    const kind = name === "northtel" ? "carrier" : "vendor";
    const { key, message } = world.party(name, kind);
    keys[name] = key;
    await world.publish(message);
  }
  keys["operator"] = await operatorAssertion(internalKey);
});
afterEach(() => world.stop());

const line = idleLine("idle", "PT1H", "PT4H");
const one = { handoffId: newId("ho"), vendor: "orchard", queue: "orchard.handheld" };
const offer = { ...one, step: 0, attempt: 0, mode: "ticket", reason: "by-hand" };
const accepted = {
  ...one,
  vendorCaseId: "OR-1",
  nextStep: "inspect",
  eta: "2030-01-01T00:00:00Z",
  dossierVersion: 1,
  readBack: { problem: "dead", tried: "nothing" },
  subject: { engineer: { name: "Ada", contact: "ada@orchard.example" } },
};
const evidence = { test: "swap", result: "the same", wouldChangeOurMind: "a log" };
const note = { entryId: "en_1", kind: "note", audience: "partners", by: "party", news: true, text: "…" };

async function read(caseId: string, party: string, query = ""): Promise<{ status: number; body: any }> {
  const headers = { authorization: `Bearer ${keys[party]}` };
  const response = await fetch(`${timer.url}/v1/cases/${caseId}/clocks${query}`, { headers });
  return { status: response.status, body: await response.json() };
}

/** Opens a case on a stepped timeline, and offers the case at 09:10. */
async function offered() {
  const [timeline, caseId] = [newId("stp"), newCase()];
  const event = (time: string, type: Parameters<World["event"]>[2], data: Record<string, unknown> = {}): Message =>
    world.event({ caseId, timeline }, at(time), type, data);
  await world.publish(world.opened({ caseId, timeline }, at("09:00"), line), event("09:10", "handoff.offered", offer));
  return { timeline, caseId, event };
}

type Ending = readonly [type: Parameters<World["event"]>[2], data: Record<string, unknown>][];
const accept: Ending[number] = ["handoff.accepted", accepted];
test.each<[name: string, records: Ending]>([
  ["a lapse", [["handoff.lapsed", one]]],
  ["a rejection", [["handoff.rejected", { ...one, code: "not-our-fault" }]]],
  ["a withdrawal", [["handoff.withdrawn", { ...one, reason: "overtaken" }]]],
  ["a return", [accept, ["handoff.returned", { ...one, code: "bad-data", evidence, returns: 1 }]]],
  [
    "another vendor's acceptance",
    [
      accept,
      ["handoff.transferred", { ...one, code: "wrong-vendor", to: "quill.net" }],
      ["handoff.offered", { ...offer, vendor: "quill", queue: "quill.net" }],
      ["handoff.accepted", { ...accepted, vendor: "quill", queue: "quill.net" }],
    ],
  ],
  ["the closing", [accept, ["case.closed", { from: "inProgress", reason: "by-carrier" }]]],
  ["the cancellation", [["case.status-changed", { from: "inProgress", to: "cancelled" }]]],
])("after %s the vendor reads the clocks of that instant, and no later instant", async (_, records) => {
  const { timeline, caseId, event } = await offered();
  await world.publish(...records.map(([type, data], index) => event(`09:${20 + index}`, type, data)));
  const end = at(`09:${19 + records.length}`);
  await advance(world, timer, timeline, end);
  const before = await read(caseId, "orchard");
  expect(before).toMatchObject({ status: 200, body: { at: formatInstant(end) } });
  const isOver = records.at(-1)?.[0].startsWith("case.") === true;
  if (isOver) await world.publish(event("10:00", "case.reopened", { from: "closed", code: "other", reason: "…" }));
  await world.publish(
    event("10:01", "entry.added", note),
    event("10:02", "case.severity-changed", { from: "minor", to: "critical" }),
    event("10:03", "case.moved", {
      from: { carrier: "northtel", name: "idle", version: 1 },
      line: { carrier: "northtel", name: "other", version: 1 },
      reason: "…",
    }),
  );
  await advance(world, timer, timeline, at("14:30"));
  await waitFor(() => world.fired(caseId).length > 0); // the clock event reaches the test a moment after `advance`
  expect(await read(caseId, "orchard")).toEqual(before);
  expect(await read(caseId, "orchard", `?at=${formatInstant(end)}`)).toEqual(before);
  const later = await read(caseId, "orchard", `?at=${formatInstant(end + 1)}`);
  expect(later).toMatchObject({ status: 400, body: { code: "invalid_request", fields: [{ at: "at" }] } });
  expect(await read(caseId, "orchard", "/preview?line=idle")).toMatchObject({
    status: 403,
    body: { code: "forbidden" },
  });
  for (const party of ["northtel", "operator"])
    expect((await read(caseId, party)).body.asOf).toBeGreaterThan(before.body.asOf);
});

test("after a new offer, the vendor reads the current clocks again", async () => {
  const { timeline, caseId, event } = await offered();
  await world.publish(event("09:20", "handoff.lapsed", one), event("10:00", "entry.added", note));
  await world.publish(
    event("10:05", "handoff.offered", { ...offer, attempt: 1 }),
    ...world.marks(timeline, at("10:06")),
  );
  expect((await read(caseId, "orchard")).body).toEqual((await read(caseId, "northtel")).body);
});

test("⚠ if the timer reads a lapse after a later record, the vendor reads the clocks as of the lapse", async () => {
  const { caseId, event } = await offered();
  await world.publish(event("09:15", "entry.added", note));
  const before = (await read(caseId, "northtel")).body;
  await world.publish(event("09:25", "case.severity-changed", { from: "minor", to: "critical" }));
  await world.publish(event("09:20", "handoff.lapsed", one));
  const { body } = await read(caseId, "orchard");
  expect(body).toMatchObject({ at: formatInstant(at("09:20")), asOf: before.asOf });
  expect((await read(caseId, "orchard", "")).body).toEqual(body);
});

test("⚠ the vendor's clocks omit a firing after the lapse, even if the timer read the lapse only after the firing", async () => {
  const caseId = newCase();
  const openedAt = (await now(world.database)) - 3_600_000 + 1_500;
  await world.publish(world.opened({ caseId, timeline: wall }, openedAt, line));
  await world.publish(world.event({ caseId, timeline: wall }, openedAt + 1_000, "handoff.offered", offer));
  await waitFor(() => world.fired(caseId).length > 0);
  await world.publish(world.event({ caseId, timeline: wall }, openedAt + 2_000, "handoff.lapsed", one));
  expect(JSON.stringify((await read(caseId, "northtel")).body)).toContain("firedAt");
  const { status, body } = await read(caseId, "orchard");
  expect([status, JSON.stringify(body)]).toEqual([200, expect.not.stringContaining("firedAt")]);
});

test("a company without a part in the case reads nothing", async () => {
  const { caseId } = await offered();
  expect(await read(caseId, "quill")).toMatchObject({ status: 404 });
});
