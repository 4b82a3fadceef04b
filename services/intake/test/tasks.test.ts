import { type Instant, parseInstant, wall } from "@crossline/contracts";
import type { DueTask, IntakeTask } from "@crossline/domain";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countFailedTasks, findNextTask, insertTasks } from "../src/store/tasks.ts";
import { type World, createWorld, opening, waitFor } from "./world.ts";

/* Intake stores a decision about another case as a task, and a worker runs the task in a transaction of its own. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.line("northtel", "quiet");
});
afterAll(() => world.stop());

const actor = { party: "northtel", automated: true };
let opened = 0;

async function openCase(timeline: string = wall): Promise<string> {
  const body = opening({ carrierCaseId: `T-${++opened}`, timeline });
  return (await world.northtel.post("/v1/cases", body)).body.id;
}

const closing = (caseId: string, whenRefused?: IntakeTask): IntakeTask => ({
  does: "change-case",
  caseId,
  actor,
  change: { type: "close", note: "a task" },
  ...(whenRefused !== undefined && { whenRefused }),
});
const due = (caseId: string, task: IntakeTask, more: Partial<DueTask> = {}): DueTask => ({
  timeline: wall,
  subject: caseId,
  task,
  ...more,
});
const store = (...tasks: DueTask[]) => world.database.transaction((tx) => insertTasks(tx, tasks));
const isDone = () => waitFor(async () => (await countTasks()) === 0);
const statusOf = async (id: string) => (await world.northtel.get(`/v1/cases/${id}`)).body.status;

async function countTasks(): Promise<number> {
  const [row] = await world.database.query<{ count: number }>({ text: "select count(*) as count from task" });
  return row?.count ?? 0;
}

test("a task runs once, and publishes its event once", async () => {
  const id = await openCase();
  await store(due(id, closing(id)));
  await isDone();
  await waitFor(() => world.eventTypes(id).length > 1);
  expect(world.eventTypes(id)).toEqual(["case.opened", "case.closed"]);
});

test("if the case refuses the command, the task that the decision named for this runs next", async () => {
  const [closed, other] = [await openCase(), await openCase()];
  await store(due(closed, closing(closed)), due(closed, closing(closed, closing(other))));
  await isDone();
  expect(await statusOf(other)).toBe("closed");
});

test("a task that fails blocks only the later tasks of its subject, and runs after the retry", async () => {
  const [failing, free] = [await openCase(), await openCase()];
  const broken = "create function broken() returns trigger language plpgsql as $$ begin raise 'broken'; end $$";
  const onRow = `create trigger broken before update on case_record for each row when (old.id = '${failing}') execute function broken()`;
  await world.database.query({ text: `${broken}; ${onRow}` });
  await store(due(failing, closing(failing)), due(failing, closing(free)), due(free, closing(free)));
  await waitFor(async () => (await countFailedTasks(world.database)) === 1);
  expect(await waitFor(async () => ((await statusOf(free)) === "closed" ? "closed" : undefined))).toBe("closed");
  expect(await statusOf(failing)).toBe("acknowledged");
  expect(await countTasks()).toBe(2);
  await world.database.query({ text: "drop trigger broken on case_record; drop function broken" });
  await isDone();
  expect(await statusOf(failing)).toBe("closed");
});

test("the loop sleeps until a retry, also if the deadline of the failed task has passed", async () => {
  const hourMs = 3_600_000;
  await world.database.query({
    text: `insert into task (timeline, subject, due_at, body, failures, retry_at)
      values ('wall', 'cs_failed', now() - interval '1 minute', '{}', 1, now() + interval '1 hour')`,
  });
  const { isDue, ms = 0 } = await findNextTask(world.database);
  await world.database.query({ text: "delete from task where subject = 'cs_failed'" });
  expect(isDue).toBe(false);
  expect(ms).toBeGreaterThan(hourMs - 60_000);
  expect(ms).toBeLessThanOrEqual(hourMs);
  expect(await findNextTask(world.database)).toEqual({ isDue: false, ms: undefined });
});

test("if the process dies between the decision and the command, the next process runs the task once", async () => {
  const id = await openCase();
  await world.intake.stop();
  await store(due(id, closing(id)));
  expect(await countTasks()).toBe(1);
  await world.restart();
  await isDone();
  await waitFor(() => world.eventTypes(id).includes("case.closed"));
  expect(world.eventTypes(id).filter((type) => type === "case.closed")).toHaveLength(1);
});

test("two replicas run the tasks of a subject in their order, each once", async () => {
  const replica = await world.replica();
  const ids = await Promise.all(Array.from({ length: 10 }, () => openCase()));
  const pending = (to: "pending" | "inProgress") =>
    to === "pending"
      ? ({ type: "change-status", to, note: "a task", waitingOn: "carrier" } as const)
      : ({ type: "change-status", to } as const);
  const tasks = ids.flatMap((caseId) =>
    (["pending", "inProgress", "pending", "inProgress"] as const).map((to) =>
      due(caseId, { does: "change-case", caseId, actor, change: pending(to) }),
    ),
  );
  await store(...tasks);
  await isDone();
  await waitFor(() => ids.every((id) => world.eventTypes(id).length > 4));
  await replica.stop();
  for (const id of ids)
    expect(world.eventTypes(id)).toEqual(["case.opened", ...Array.from({ length: 4 }, () => "case.status-changed")]);
});

test("on a stepped timeline, an advance stops at the instant of a task and runs the task there", async () => {
  const begun = await world.northtel.post("/v1/timelines", { kind: "stepped", start: "2026-03-07T14:00:00Z" });
  const timeline = begun.body.id as string;
  const id = await openCase(timeline);
  const at = (iso: string): Instant => parseInstant(iso);
  await store(due(id, closing(id), { timeline, dueAt: at("2026-03-07T15:00:00Z") }));
  const before = await world.northtel.post(`/v1/timelines/${timeline}/advance`, { to: "2026-03-07T15:00:00Z" });
  expect(before.status).toBe(200);
  expect(await statusOf(id)).toBe("acknowledged"); // A task at exactly the mark is not due yet, like a deadline.
  await world.northtel.post(`/v1/timelines/${timeline}/advance`, { to: "2026-03-07T16:00:00Z" });
  expect(await statusOf(id)).toBe("closed");
  const closed = await waitFor(() => world.events.find(({ key, type }) => key === id && type === "case.closed"));
  expect(closed.time).toBe(at("2026-03-07T15:00:00.001Z"));
});
