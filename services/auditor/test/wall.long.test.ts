import { wall } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { idleLine, newCase } from "./records.ts";
import { type Auditor, type World, ask, createWorld, internalKey } from "./world.ts";

const hour = 3_600_000;
const halfHour = hour / 2;
type Summary = {
  told: Record<string, number>;
  unsure: number;
  overtaken: number;
  unaudited: Record<string, number>;
  findings: Record<string, number>;
  watermarks: { partition: number; until: string; beatAt: string }[];
};

let world: World;
let auditor: Auditor;
beforeEach(async () => {
  world = await createWorld();
  auditor = await world.start();
  await world.publish(world.line(idleLine));
});
afterEach(() => world.stop());

const summary = async (): Promise<Summary> => (await ask(auditor)).body as Summary;

test("the auditor reports no finding for a correct firing", async () => {
  const caseId = newCase();
  const began = (await world.now()) - 2 * hour;
  await world.publish(world.opened({ caseId, timeline: wall }, began));
  await world.publish(world.fired({ caseId, timeline: wall }, began + halfHour, { threshold: 50, lateBy: 3 }));
  await world.publish(world.fired({ caseId, timeline: wall }, began + hour, { lateBy: 7 }));
  const { told, findings } = await summary();
  expect(told).toEqual({ "stall.idle": 2 });
  expect(Object.values(findings)).toEqual([0, 0, 0, 0, 0, 0]);
});

test("the auditor reports a firing as missed after the grace, and as late if the firing arrives later", async () => {
  const caseId = newCase();
  const before = await world.now();
  const began = before - hour + 1_500; // The breach is due in a second and a half.
  await world.publish(world.opened({ caseId, timeline: wall }, began));
  await world.publish(world.fired({ caseId, timeline: wall }, began + halfHour, { threshold: 50, lateBy: 3 }));
  await waitFor(() => world.found(caseId).length > 0, { timeoutMs: 20_000 });
  expect(await world.now()).toBeGreaterThanOrEqual(began + hour + 1_000);
  expect(world.found(caseId)).toEqual(["audit.missed"]);
  expect((await summary()).findings).toMatchObject({ missed: 1 });
  await auditor.judged();
  await world.publish(world.fired({ caseId, timeline: wall }, began + hour, { lateBy: 4_000 }));
  await waitFor(() => world.found(caseId).length > 1);
  expect(world.found(caseId)).toEqual(["audit.missed", "audit.late"]);
});

test("for a case with possibly lost records, the auditor reports no missed and no unfounded firing", async () => {
  const [silent, forged] = [newCase(), newCase()];
  const began = (await world.now()) - 2 * hour;
  await world.publish(...[silent, forged].map((caseId) => world.opened({ caseId, timeline: wall }, began)));
  const loss =
    "insert into inbox_gap (topic, partition, from_offset, to_offset) values ('crossline.clock.v1', 0, 0, 1)";
  await world.database.query({ text: loss });
  const insert = `insert into inbox_gap_mark (key, topic, partition, is_known)
    select key, 'crossline.clock.v1', 0, false from unnest($1::text[]) as key`;
  await world.database.query({ text: insert, values: [[silent, forged]] });
  await world.publish(world.fired({ caseId: forged, timeline: wall }, began + halfHour + 1, { threshold: 50 }));
  await waitFor(async () => (await summary()).unsure >= 3, { timeoutMs: 10_000 });
  expect([silent, forged].map((caseId) => world.found(caseId))).toEqual([[], []]);
});

test("the auditor finds late, doubled and unfounded firings", async () => {
  const began = (await world.now()) - 2 * hour;
  const cases = Array.from({ length: 6 }, () => newCase());
  const [late, doubled, wrong, early, strange, forged] = cases as [string, string, string, string, string, string];
  await world.publish(...cases.map((caseId) => world.opened({ caseId, timeline: wall }, began)));
  const half = { threshold: 50 };
  await world.publish(
    world.fired({ caseId: late, timeline: wall }, began + halfHour, { ...half, lateBy: 6_000 }),
    world.fired({ caseId: doubled, timeline: wall }, began + halfHour, half),
    world.fired({ caseId: doubled, timeline: wall }, began + halfHour, half),
    world.fired({ caseId: wrong, timeline: wall }, began + halfHour + 1, half),
    world.fired({ caseId: early, timeline: wall }, began + halfHour, { ...half, lateBy: -1 }),
    world.fired({ caseId: strange, timeline: wall }, began + halfHour, { ...half, incarnation: "case/7" }),
    world.fired({ caseId: forged, timeline: wall }, began + halfHour, { ...half, change: { firingId: "fir_other" } }),
  );
  await waitFor(() => cases.every((caseId) => world.found(caseId).length > 0));
  const firsts = cases.map((caseId) => world.found(caseId).find((found) => found !== "audit.missed"));
  expect(firsts).toEqual([
    "audit.late",
    "audit.doubled",
    "audit.unfounded wrong-instant",
    "audit.unfounded too-early",
    "audit.unfounded not-asked",
    "audit.unfounded wrong-id",
  ]);
});

test("a firing whose record arrives twice is not doubled", async () => {
  const caseId = newCase();
  const began = (await world.now()) - hour;
  const fired = world.fired({ caseId, timeline: wall }, began + halfHour, { threshold: 50 });
  await world.publish(world.opened({ caseId, timeline: wall }, began), fired);
  await world.publish(fired, fired);
  expect((await summary()).findings).toMatchObject({ doubled: 0 });
});

test("the auditor reports a gap for a lost record, and only one gap for a case with a lost opening", async () => {
  const [gap, lost] = [newCase(), newCase()];
  const began = (await world.now()) - hour;
  world.opened({ caseId: lost, timeline: wall }, began);
  await world.publish(
    world.opened({ caseId: gap, timeline: wall }, began),
    world.fired({ caseId: gap, timeline: wall }, began + hour, { skip: 1 }),
    world.event({ caseId: lost, timeline: wall }, began + 1, "entry.added", {
      entryId: "e",
      kind: "note",
      audience: "internal",
      by: "party",
    }),
    world.event({ caseId: lost, timeline: wall }, began + 2, "entry.added", {
      entryId: "f",
      kind: "note",
      audience: "internal",
      by: "party",
    }),
  );
  await waitFor(() => world.found(gap).length > 0 && world.found(lost).length > 0);
  expect([world.found(gap)[0], world.found(lost)]).toEqual(["audit.gap", ["audit.gap"]]);
  // After the gap, the auditor reports the lost firing as missed.
  await waitFor(() => world.found(gap).includes("audit.missed"), { timeoutMs: 20_000 });
});

test("the auditor accepts a firing if the timer reports that it had not yet read the event that prevents the firing", async () => {
  const caseId = newCase();
  const began = (await world.now()) - halfHour;
  const note = { entryId: "e", kind: "note", audience: "internal", by: "party" };
  // The note's time is 5 ms before the deadline of the warning, but the timer had not read the note when the warning fired.
  await world.publish(
    world.opened({ caseId, timeline: wall }, began),
    world.event({ caseId, timeline: wall }, began + halfHour - 5, "entry.added", note),
    world.fired({ caseId, timeline: wall }, began + halfHour, { threshold: 50, lateBy: 2, read: 1 }),
  );
  expect(await summary()).toMatchObject({ told: { "stall.idle": 1 }, unsure: 0, findings: { unfounded: 0 } });
  // The second case has the same history as the first, but the timer reports that it had read the note.
  const other = newCase();
  await world.publish(
    world.opened({ caseId: other, timeline: wall }, began),
    world.event({ caseId: other, timeline: wall }, began + halfHour - 5, "entry.added", note),
    world.fired({ caseId: other, timeline: wall }, began + halfHour, { threshold: 50, lateBy: 2, read: 2 }),
  );
  await waitFor(() => world.found(other).length > 0);
  expect(world.found(other)).toEqual(["audit.unfounded not-asked"]);
});

test("after a restart, the auditor still reports expected firings as missed", async () => {
  const caseId = newCase();
  const began = (await world.now()) - hour + 500;
  await world.publish(world.opened({ caseId, timeline: wall }, began));
  await auditor.stop();
  auditor = await world.start();
  await waitFor(() => world.found(caseId).length === 2, { timeoutMs: 20_000 });
  expect(world.found(caseId)).toEqual(["audit.missed", "audit.missed"]);
});

test("the auditor does not compare a firing whose order is `cut`, and counts the firing as unsure", async () => {
  const caseId = newCase();
  const began = (await world.now()) - hour;
  const fired = world.fired({ caseId, timeline: wall }, began + halfHour + 7, {
    threshold: 50,
    change: { order: "cut" },
  });
  await world.publish(world.opened({ caseId, timeline: wall }, began), fired);
  expect(await summary()).toMatchObject({ told: {}, unsure: 1, findings: { unfounded: 0 } });
});

test("a heartbeat publishes the audit watermark of every partition", async () => {
  const before = await world.now();
  await waitFor(
    async () => (await summary()).watermarks.filter(({ until }) => Date.parse(until) > before).length === 4,
    { timeoutMs: 20_000 },
  );
  const beats = world.published.filter(({ type }) => type === "audit.watermark");
  expect(new Set(beats.map(({ key }) => key)).size).toBe(4);
  const sequences = beats.filter(({ key }) => key === "watermark/2").map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  const metrics = await (await fetch(`${auditor.url}/metrics`)).text();
  expect(metrics).toMatch(/crossline_auditor_watermark_age_seconds\{.*\} [0-9.]+/);
  expect(metrics).toMatch(/crossline_audit_findings_total\{kind="missed".*\} 0/);
});

test("the route for findings requires the internal key", async () => {
  const caseId = newCase();
  const began = (await world.now()) - hour;
  const fired = world.fired({ caseId, timeline: wall }, began + halfHour, { threshold: 50, incarnation: "case/9" });
  await world.publish(world.opened({ caseId, timeline: wall }, began), fired);
  type List = { findings: { kind: string; caseId: string; data: { reason: string } }[] };
  const list = async (kind: string): Promise<List["findings"]> =>
    ((await ask(auditor, `/internal/audit/findings?kind=${kind}`)).body as List).findings;
  expect(await list("unfounded")).toMatchObject([{ kind: "unfounded", caseId, data: { reason: "not-asked" } }]);
  expect(await list("late")).toEqual([]);
  expect((await ask(auditor, "/internal/audit/findings", "another-key")).status).toBe(401);
  expect((await ask(auditor, "/internal/audit/findings?kind=x", internalKey)).status).toBe(400);
});
