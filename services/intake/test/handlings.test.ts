import { formatInstant, parseInstant, topics, wall } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, createWorld, opening, waitFor } from "./world.ts";

/* Tests of live handlings and their heartbeats. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

type Body = Record<string, unknown>;
async function open(more: Body = {}) {
  const opened = (await world.northtel.post("/v1/cases", opening(more))).body;
  const post = (path: string, body: Body = {}) => world.northtel.post(`/v1/cases/${opened.id}/${path}`, body);
  const read = async () => (await world.northtel.get(`/v1/cases/${opened.id}`)).body;
  return { id: opened.id as string, opened, post, read };
}
const later = (instant: string, ms: number) => formatInstant(parseInstant(instant) + ms);

const silence = (caseId: string, handlingId: string, silentSince: string, sequence = 1) =>
  world.publish({
    topic: topics.clock,
    key: caseId,
    sequence,
    type: "handling.silent",
    time: parseInstant(silentSince),
    timeline: wall,
    data: { handlingId, party: "northtel", channel: "phone", silentSince },
  });

test("the start and each heartbeat return the deadline of the next heartbeat, and the end returns none", async () => {
  const { post, read } = await open();
  const started = (await post("handlings", { channel: "phone", person: "rep-1" })).body;
  expect(started).toMatchObject({ beatEveryMs: 60_000, beatBy: later(started.at, 180_000) });
  const path = `handlings/${started.id}`;
  const beat = (await post(`${path}/heartbeat`)).body;
  expect(beat).toMatchObject({ beatEveryMs: 60_000, beatBy: later(beat.at, 180_000) });
  expect((await read()).liveHandlings).toEqual([
    {
      id: started.id,
      party: "northtel",
      channel: "phone",
      startedAt: started.at,
      lastBeatAt: beat.at,
      beatEveryMs: 60_000,
      beatBy: beat.beatBy,
    },
  ]);
  const ended = (await post(`${path}/end`)).body;
  expect(ended).not.toHaveProperty("beatEveryMs");
  expect(ended).not.toHaveProperty("beatBy");
});

test("the response to an opening with a handling contains the deadline of the next heartbeat", async () => {
  const { opened } = await open({ handling: {} });
  const [live] = opened.liveHandlings;
  expect(live).toMatchObject({ lastBeatAt: live.startedAt, beatEveryMs: 60_000 });
  expect(live.beatBy).toBe(later(live.startedAt, 180_000));
});

test("if the line counts handlings until their end, no heartbeat is required, and no heartbeat extends the time", async () => {
  await world.lineWith("without-heartbeats", { handlings: { until: "ended", max: "PT2H" } });
  const { opened, post, read } = await open({ line: "without-heartbeats", handling: {} });
  const [live] = opened.liveHandlings;
  expect(live).not.toHaveProperty("beatEveryMs");
  expect(live.beatBy).toBe(later(live.startedAt, 7_200_000));
  const beat = (await post(`handlings/${live.id}/heartbeat`)).body;
  expect(beat).toMatchObject({ beatBy: live.beatBy });
  expect(beat).not.toHaveProperty("beatEveryMs");
  // After a move, the rules of the new line apply to the handling.
  await world.line("northtel", "with-heartbeats");
  await post("move", { line: "with-heartbeats", reason: "the CRM can" });
  expect((await read()).liveHandlings).toMatchObject([{ beatEveryMs: 60_000 }]);
});

test("the case shows the start of a handling's silence until the next heartbeat", async () => {
  const { id, opened, post, read } = await open({ handling: {} });
  const [{ id: handlingId, beatBy }] = opened.liveHandlings;
  const before = await read();
  await silence(id, handlingId, beatBy);
  const after = await read();
  expect(after.liveHandlings).toMatchObject([{ id: handlingId, silentSince: beatBy }]);
  expect(after.version).toBeGreaterThan(before.version);
  await post(`handlings/${handlingId}/heartbeat`);
  expect((await read()).liveHandlings[0]).not.toHaveProperty("silentSince");
  // The timer's event arrives after the heartbeat, but has an earlier time than the heartbeat.
  await silence(id, handlingId, beatBy, 2);
  expect((await read()).liveHandlings[0]).not.toHaveProperty("silentSince");
  await waitFor(() => world.eventTypes(id).length === 3);
  expect(world.eventTypes(id)).toEqual(["case.opened", "handling.started", "handling.continued"]);
});

test("a handling that has ended is not silent", async () => {
  const { id, opened, post, read } = await open({ handling: {} });
  const [{ id: handlingId, beatBy }] = opened.liveHandlings;
  await post(`handlings/${handlingId}/end`);
  await silence(id, handlingId, beatBy);
  expect((await read()).liveHandlings).toEqual([]);
});

test("a handling without a stored heartbeat shows its start as the last heartbeat", async () => {
  const { id, opened, read, post } = await open({ handling: {} });
  const [{ id: handlingId, startedAt }] = opened.liveHandlings;
  await world.database.query({
    text: `update case_record set state = (state::jsonb #- '{handlings,0,lastBeatAt}')::json where id = $1`,
    values: [id],
  });
  expect((await read()).liveHandlings).toMatchObject([{ lastBeatAt: startedAt, beatBy: later(startedAt, 180_000) }]);
  const beat = (await post(`handlings/${handlingId}/heartbeat`)).body;
  expect((await read()).liveHandlings).toMatchObject([{ lastBeatAt: beat.at }]);
});

test("the number of a handling is the sequence of its start, even if its heartbeat is in the same transaction", async () => {
  const { id, post } = await open();
  const started = await Promise.all(
    [1, 2, 3].map((nth) => post("handlings", { channel: "phone", person: `rep-${nth}` })),
  );
  await Promise.all(started.map(({ body }) => post(`handlings/${body.id}/heartbeat`)));
  await post("contacts", { channel: "phone", person: "rep-4" });
  const numbers = await world.database.query<{ number: number }>({
    text: "select number from handling where case_id = $1 order by number",
    values: [id],
  });
  await waitFor(() => world.eventTypes(id).length === 10);
  expect(world.eventTypes(id).flatMap((type, index) => (type === "handling.started" ? [index + 1] : []))).toEqual(
    numbers.map(({ number }) => number),
  );
});
