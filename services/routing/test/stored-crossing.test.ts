import { type CaseCrossing, builtinRef } from "@crossline/domain";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type StoredCrossing, readCrossing } from "../src/store/stored-crossing.ts";
import { type Ask, type Case, type World, acceptance, startWorld } from "./world.ts";

let world: World;
let orchard: Ask;
beforeAll(async () => {
  world = await startWorld();
  orchard = world.as("orchard");
});
afterAll(() => world.stop());

type Row = CaseCrossing & { readonly [field: string]: unknown };

async function stateOf({ id }: Case): Promise<Row> {
  const [row] = await world.database.query<{ state: Row }>({
    text: "select state from case_crossing where case_id = $1",
    values: [id],
  });
  return row!.state;
}

/** Writes the row as the version before wrote it: the fields say what the case waits for, and `waits` is not there. */
async function asBefore(one: Case, fields: Record<string, unknown>): Promise<void> {
  const { waits: _, ...rest } = await stateOf(one);
  await world.database.query({
    text: "update case_crossing set state = $2::json where case_id = $1",
    values: [one.id, JSON.stringify({ ...rest, ...fields })],
  });
}

const handoffIn = ({ waits }: CaseCrossing): object => ("handoff" in waits ? waits.handoff : {});

test("rows of the version before go on where they were, through every phase", async () => {
  const line = await world.publish("northtel", { line: "handheld" });
  const one = await world.open(line);
  await one.breach("stall.busy");
  const handoffId = await one.offered();
  const desk = `/v1/queues/orchard.handheld/handoffs/${handoffId}`;
  await asBefore(one, { open: handoffIn(await stateOf(one)) });
  expect((await orchard("GET", desk)).body).toMatchObject({ phase: "offered", brief: { case: { id: one.id } } });
  const { token, brief } = (await orchard("POST", `${desk}/claim`, { person: "eng-4" })).body;
  const claimed = handoffIn(await stateOf(one));
  await asBefore(one, { open: claimed });
  expect((await orchard("POST", `${desk}/accept`, acceptance(token, brief.case.version))).status).toBe(200);
  // The version before kept the lease of what was accepted.
  await asBefore(one, { open: { ...claimed, phase: "accepted" } });
  expect((await orchard("POST", `${desk}/resolve`, { token, fixCode: "reset" })).status).toBe(200);
  await asBefore(one, { resolved: handoffIn(await stateOf(one)) });
  await one.tell("case.resolved", { actor: one.rep, from: "inProgress", fixCode: "reset" });
  await one.tell("case.confirmed", { actor: one.rep });
  expect(await one.types()).toEqual([
    "handoff.offered",
    "handoff.claimed",
    "handoff.accepted",
    "handoff.resolved",
    "handoff.confirmed",
  ]);
  const now = await stateOf(one);
  expect(now.waits).toEqual({ for: "step" });
  for (const gone of ["open", "paging", "calling", "resolved"]) expect(now).not.toHaveProperty(gone);
});

test("a last resort that the version before called is called again", async () => {
  const one = await world.open(builtinRef, { carrier: "northtel" });
  await one.breach("stall.busy");
  const { waits } = await stateOf(one);
  expect(waits).toMatchObject({ for: "last-resort", call: 1, sequence: 2 });
  await asBefore(one, { calling: { call: 1, sequence: 2 } });
  await one.breach("last-resort", "handoff/2");
  expect((await one.told()).handoffs.at(-1)).toMatchObject({ type: "last-resort.called", data: { call: 2 } });
});

const page = { id: "pg_1", roster: "northtel.duty", step: 1, attempt: 0 };
const call = { call: 3, sequence: 8 };
const cure = { id: "ho_1", phase: "accepted" };
const offer = { id: "ho_2", phase: "offered" };

test.each([
  ["nothing", {}, { for: "step" }],
  ["a page", { paging: page }, { for: "page", ...page }],
  ["the last resort", { calling: call }, { for: "last-resort", ...call }],
  ["a confirmation", { resolved: cure }, { for: "confirmation", handoff: cure }],
  ["an offer beside a cure: the offer goes on", { open: offer, resolved: cure }, { for: "handoff", handoff: offer }],
])("a row of the version before that waits for %s", (_, fields, waits) => {
  expect(readCrossing({ caseId: "cs_1", ...fields } as unknown as StoredCrossing)).toEqual({ caseId: "cs_1", waits });
});
