import type { TimelineReport } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, createWorld, opening, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

const start = "2026-03-07T14:00:00Z";
const after = (seconds: number) => Temporal.Instant.from(start).add({ seconds }).toString();

type Row = { readonly id: string; readonly owner: string; readonly mark: string; readonly marks: number };
const timelines = () =>
  world.database.query<Row>({
    // The first mark comes from the creation of the timeline, so its advances have taken `marks - 1` steps.
    text: `select id, owner, marks - 1 as marks, to_char(mark at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as mark from timeline`,
  });

test("sixteen long advances of one carrier do not take the turns of another carrier", async () => {
  const counts = world.standIns.timer.counts;
  let isLong = true;
  // The timer always reports a next deadline for each timeline of Northtel. For the other carrier's timeline, the timer reports five
  // deadlines.
  world.standIns.timer.counts = async () => {
    const [applied, rows] = await Promise.all([counts(), timelines()]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return (timeline): TimelineReport => {
      const row = byId.get(timeline);
      const isDue = row !== undefined && (row.owner === "northtel" ? isLong : row.marks < 5);
      return { ...applied(timeline), ...(isDue && { earliestDue: row.mark }) };
    };
  };
  const make = async (client: World["northtel"]) =>
    (await client.post("/v1/timelines", { kind: "stepped", start })).body.id as string;
  const long = await Promise.all(Array.from({ length: 16 }, () => make(world.northtel)));
  const advances = long.map((id) => world.northtel.post(`/v1/timelines/${id}/advance`, { to: after(3_600) }));
  const steps = async () =>
    (await timelines()).reduce((sum, { owner, marks }) => sum + (owner === "northtel" ? marks : 0), 0);
  await waitFor(async () => (await steps()) >= 16);

  const other = await make(world.lumen);
  const before = await steps();
  const opened = await world.lumen.post("/v1/cases", opening({ timeline: other }));
  const advanced = world.lumen.post(`/v1/timelines/${other}/advance`, { to: after(60) });
  let isAnswered = false;
  void advanced.then(() => (isAnswered = true));
  let taken = 0;
  await waitFor(async () => isAnswered || (taken = (await steps()) - before) > 5_000, { timeoutMs: 30_000 });
  isLong = false;
  expect(isAnswered, `not answered after ${taken} of Northtel's steps`).toBe(true);
  expect(opened.status).toBe(201);
  expect(await advanced).toMatchObject({ status: 200, body: { mark: after(60), steps: 6 } });
  // The response to each long `advance` contains the number of steps in all turns of the `advance`.
  const responses = await Promise.all(advances);
  expect(responses.map(({ status }) => status)).toEqual(advances.map(() => 200));
  expect(responses.reduce((sum, { body }) => sum + body.steps, 0)).toBe(await steps());
}, 60_000);
