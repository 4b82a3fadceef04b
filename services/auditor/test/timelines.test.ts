import { type Message, newId } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { idleLine, newCase } from "./records.ts";
import { type Auditor, type World, ask, createWorld, graceMs } from "./world.ts";

const hour = 3_600_000;
const start = Date.UTC(2016, 1, 29);
const program = { party: "northtel", automated: true };
const crossing = { ...idleLine, line: "crossing", mode: "cross" } as const;

let world: World;
let auditor: Auditor;
beforeEach(async () => {
  world = await createWorld();
  auditor = await world.start();
  await world.publish(world.line(idleLine), world.line(crossing));
});
afterEach(() => world.stop());

/** Creates the events of an import at these hours after the start. */
function history(timeline: string, caseId: string, hours: readonly number[]): Message[] {
  const status = "inProgress";
  return hours.map((passed, index) =>
    index === 0
      ? world.opened({ caseId, timeline }, start + passed * hour, idleLine, { status })
      : world.event({ caseId, timeline }, start + passed * hour, "case.recorded", { status }),
  );
}

test("the auditor reports a missed firing of an import only after the mark and a grace without records", async () => {
  const timeline = newId("imp");
  const [whole, tail] = [newCase(), newCase()];
  await world.publish(...history(timeline, whole, [0, 1, 3]), ...history(timeline, tail, [0]));
  // The first silence ends exactly at the deadline, so its breach is not expected. The second silence is longer than an hour.
  await world.publish(
    world.fired({ caseId: whole, timeline }, start + hour / 2, { threshold: 50 }),
    world.fired({ caseId: whole, timeline }, start + 1.5 * hour, { threshold: 50, incarnation: "case/2", read: 2 }),
    world.fired({ caseId: whole, timeline }, start + 2 * hour, { incarnation: "case/2", read: 2 }),
  );
  expect((await ask(auditor)).body).toMatchObject({ told: { "stall.idle": 3 } });
  await auditor.judged();
  expect([world.found(whole), world.found(tail)]).toEqual([[], []]);

  await world.publish(...world.marks(timeline, start + 100 * hour));
  const marked = await world.now();
  await world.publish(world.fired({ caseId: tail, timeline }, start + hour / 2, { threshold: 50 }));
  await waitFor(() => world.found(whole).length === 2 && world.found(tail).length === 1, { timeoutMs: 20_000 });
  expect(await world.now()).toBeGreaterThanOrEqual(marked + graceMs);
  expect(world.found(tail)).toEqual(["audit.missed"]);
  expect(world.found(whole)).toEqual(["audit.missed", "audit.missed"]);
});

test("a firing at the mark is expected but not missed", async () => {
  const timeline = newId("stp");
  const caseId = newCase();
  await world.publish(world.opened({ caseId, timeline }, start), ...world.marks(timeline, start + hour));
  await world.publish(world.fired({ caseId, timeline }, start + hour / 2, { threshold: 50 }));
  const before = await world.now();
  await waitFor(async () => (await world.now()) > before + 2 * graceMs, { timeoutMs: 20_000 });
  await auditor.judged();
  expect(world.found(caseId)).toEqual([]); // The deadline is not before the mark, because it is equal to the mark.
  await world.publish(...world.marks(timeline, start + hour + 1));
  await waitFor(() => world.found(caseId).length > 0, { timeoutMs: 20_000 });
  expect(world.found(caseId)).toEqual(["audit.missed"]);
});

test("on a line that crosses, stall.idle restarts at its breach, and the sequence of the breach names the incarnation", async () => {
  const timeline = newId("stp");
  const caseId = newCase();
  await world.publish(
    world.opened({ caseId, timeline }, start, crossing),
    ...world.marks(timeline, start + 3.6 * hour),
  );
  await world.publish(
    world.fired({ caseId, timeline }, start + hour / 2, { threshold: 50 }),
    world.fired({ caseId, timeline }, start + hour),
    world.fired({ caseId, timeline }, start + 1.5 * hour, { threshold: 50, incarnation: "clock/2" }),
    world.fired({ caseId, timeline }, start + 2 * hour, { incarnation: "clock/2" }),
    world.fired({ caseId, timeline }, start + 2.5 * hour, { threshold: 50, incarnation: "clock/3" }),
  );
  await waitFor(() => world.found(caseId).length === 1);
  expect(world.found(caseId)).toEqual(["audit.unfounded not-asked"]); // The correct incarnation is clock/4.
  await waitFor(() => world.found(caseId).length === 4, { timeoutMs: 20_000 });
  expect(world.found(caseId).slice(1)).toEqual(["audit.missed", "audit.missed", "audit.missed"]);
});

test("after a restart, the auditor uses stored calendars, and audits a moved case under the new line", async () => {
  const timeline = newId("stp");
  const caseId = newCase();
  const line = { ...idleLine, line: "office", calendar: "office" };
  const week = { mon: ["09:00-17:00"], tue: ["09:00-17:00"] }; // The start is a Monday at midnight in UTC.
  const document = { calendar: "office", zone: "UTC", week };
  await world.publish(
    world.line(line, { office: { ref: { party: "northtel", name: "office", version: 1 }, document } }),
  );
  const [from, to] = ["idle", "office"].map((name) => ({ carrier: "northtel", name, version: 1 }));
  const moved = { from, line: to, reason: "the office is where it is worked on", actor: program };
  await world.publish(
    world.opened({ caseId, timeline }, start),
    world.event({ caseId, timeline }, start + hour / 4, "case.moved", moved),
  );
  await auditor.stop();
  auditor = await world.start(); // The restarted auditor reads the line from its table.
  await world.publish(
    world.fired({ caseId, timeline }, start + 9.5 * hour, { threshold: 50, read: 2 }),
    world.fired({ caseId, timeline }, start + 10 * hour, { read: 2 }),
  );
  const told = async () => ((await ask(auditor)).body as { told: Record<string, number> }).told["stall.idle"];
  await waitFor(async () => (await told()) === 2 || world.found(caseId).length > 0, { timeoutMs: 20_000 });
  expect(world.found(caseId)).toEqual([]);
});
