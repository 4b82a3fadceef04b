import { type Message, newId, topics, wall } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, createWorld, opening, waitFor } from "./world.ts";

/* Problems over REST on the wall timeline: commands, known errors, joint cases, and the tasks that a crash interrupts. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.lineWith("counted", {
    requires: [{ item: "msid", from: "vendor" }],
    problems: { missing: 2, returned: 1, within: "P7D" },
  });
  await world.line("northtel", "plain");
});
afterAll(() => world.stop());

const reason = "of the test";
type Body = Record<string, unknown>;
const unique = (name: string) => `${name}-${newId("cs").slice(-6)}`;
const device = { vendor: "orchard", model: "Handheld 8700" };

async function openCase(more: Body = {}): Promise<string> {
  const { status, body } = await world.northtel.post("/v1/cases", opening({ line: "plain", device, ...more }));
  expect({ status, detail: body.detail }).toEqual({ status: 201, detail: undefined });
  return body.id as string;
}
const openProblem = async (more: Body) =>
  (await world.northtel.post("/v1/problems", { title: "No signal", reason, ...more })).body as Body & { id: string };
const command = (id: string, path: string, body: Body) =>
  world.northtel.post(`/v1/problems/${id}/${path}`, { reason, ...body });
const read = async (id: string) => (await world.northtel.get(`/v1/problems/${id}`)).body;
const knownErrorsOf = async (caseId: string): Promise<Body[]> =>
  (await world.northtel.get(`/v1/cases/${caseId}`)).body.knownErrors ?? [];
const areTasksDone = () => waitFor(async () => (await countTasks()) === 0);
async function countTasks(): Promise<number> {
  const text = "select count(*) as count from task where due_at is null";
  const [row] = await world.database.query<{ count: number }>({ text });
  return row?.count ?? 0;
}

test("of two persons who open or reopen a problem of one scope at once, one gets the id of the open problem", async () => {
  for (let round = 0; round < 5; round++) {
    const symptom = unique("race");
    const body = { title: "No signal", symptom, reason };
    const opened = await Promise.all([1, 2, 3].map(() => world.northtel.post("/v1/problems", body)));
    expect(opened.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    const first = opened.find(({ status }) => status === 201)?.body.id;
    await command(first, "status", { status: "cancelled" });
    const second = await openProblem({ symptom });
    await command(second.id, "status", { status: "cancelled" });
    const reopened = await Promise.all(
      [first, second.id].map((id) => command(id, "status", { status: "investigating" })),
    );
    expect(reopened.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  }
});

test("a person opens a problem by hand, and each command is in its history with its reason", async () => {
  const symptom = unique("signal");
  const caseId = await openCase({ symptom });
  const { id, status } = await openProblem({ symptom, ...device, cases: [caseId], person: "lead-1" });
  expect(status).toBe("new");
  expect((await command(id, "root-cause", { rootCause: "A wrong setting." })).body.status).toBe("new");
  expect((await command(id, "owner", { owner: "lead-2" })).body.status).toBe("investigating");
  expect((await command(id, "status", { status: "resolved" })).body.status).toBe("resolved");
  const other = await openCase();
  await command(id, "link", { caseId: other });
  await command(id, "unlink", { caseId });
  await command(id, "unlink", { caseId });
  const detail = await read(id);
  expect(detail).toMatchObject({
    source: "by-hand",
    symptom,
    vendor: "orchard",
    rootCause: "A wrong setting.",
    caseId,
  });
  expect(detail.linkedCases).toMatchObject([{ caseId: other, role: "linked" }]);
  expect(detail.history.map(({ change }: Body) => change)).toEqual([
    "opened",
    "root-cause",
    "owner",
    "status",
    "case-linked",
    "case-unlinked",
  ]);
  expect(detail.history[0]).toMatchObject({ actor: { party: "northtel", person: "lead-1" }, reason });
});

test("a scope has one open problem, also after a reopening, and an ended problem frees its scope", async () => {
  const symptom = unique("signal");
  const first = await openProblem({ symptom });
  const again = await world.northtel.post("/v1/problems", { title: "Again", reason, symptom });
  expect([again.status, again.body.code, again.body.problemId]).toEqual([409, "already_exists", first.id]);
  await command(first.id, "status", { status: "cancelled" });
  const second = await openProblem({ symptom });
  const reopened = await command(first.id, "status", { status: "investigating" });
  expect([reopened.status, reopened.body.code]).toEqual([409, "already_exists"]);
  expect((await read(second.id)).status).toBe("new");
});

test("a repeated request gets its first response, and changes nothing", async () => {
  const key = { "idempotency-key": newId("cs") };
  const body = { title: "Once", reason };
  const [first, second] = [
    await world.northtel.post("/v1/problems", body, key),
    await world.northtel.post("/v1/problems", body, key),
  ];
  expect(second.body).toEqual(first.body);
  expect(second.headers.get("idempotent-replayed")).toBe("true");
});

test("a list is read page by page, newest first, and by status", async () => {
  const ids: string[] = [];
  for (let number = 0; number < 3; number++) ids.push((await openProblem({ title: `P ${number}` })).id);
  await command(ids[1] ?? "", "status", { status: "cancelled" });
  const page = (await world.northtel.get("/v1/problems?limit=2")).body;
  expect(page.items.map(({ id }: Body) => id)).toEqual([ids[2], ids[1]]);
  const rest = (await world.northtel.get(`/v1/problems?limit=1&cursor=${page.next}`)).body;
  expect(rest.items.map(({ id }: Body) => id)).toEqual([ids[0]]);
  const cancelled = (await world.northtel.get("/v1/problems?status=cancelled&limit=1")).body;
  expect(cancelled.items.map(({ id }: Body) => id)).toEqual([ids[1]]);
});

test("a known error reaches the open cases and the next case, and a solved case or another device gets nothing", async () => {
  const symptom = unique("signal");
  const [open, solved, foreign] = [
    await openCase({ symptom }),
    await openCase({ symptom }),
    await openCase({ symptom, device: { vendor: "quill" } }),
  ];
  await world.northtel.post(`/v1/cases/${solved}/status`, { status: "resolved", fixCode: "reset" });
  const { id } = await openProblem({ symptom, ...device });
  await command(id, "known-error", { workaround: "Reset it.", fixCode: "reset" });
  await areTasksDone();
  const next = await openCase({ symptom });
  expect(await knownErrorsOf(open)).toMatchObject([{ problemId: id, workaround: "Reset it.", fixCode: "reset" }]);
  expect(await knownErrorsOf(next)).toHaveLength(1);
  expect([await knownErrorsOf(solved), await knownErrorsOf(foreign)]).toEqual([[], []]);
  await command(id, "known-error", { workaround: "Reset it twice.", fixCode: "reset" });
  await areTasksDone();
  expect(await knownErrorsOf(open)).toMatchObject([{ workaround: "Reset it twice." }]);
  expect((await read(id)).counts).toMatchObject({ offered: 2 });
});

test("a case whose symptom is corrected gets the known error of its new symptom", async () => {
  const symptom = unique("signal");
  const caseId = await openCase({ symptom: unique("other") });
  const { id } = await openProblem({ symptom });
  await command(id, "known-error", { workaround: "Reset it." });
  await areTasksDone();
  expect(await knownErrorsOf(caseId)).toEqual([]);
  await world.northtel.post(`/v1/cases/${caseId}/corrections`, { symptom, reason });
  await waitFor(async () => (await knownErrorsOf(caseId)).length === 1);
  expect(await knownErrorsOf(caseId)).toMatchObject([{ problemId: id }]);
});

test("the root cause of a joint case opens a problem, and the next joint case of the symptom belongs to it", async () => {
  const symptom = unique("signal");
  const [first, second] = [await openCase({ symptom }), await openCase({ symptom })];
  for (const caseId of [first, second]) {
    await world.publish(joint(caseId));
    await waitFor(async () => (await world.northtel.get(`/v1/cases/${caseId}`)).body.joint !== undefined);
    const solved = { status: "resolved", fixCode: "reset", rootCause: `The cause of ${caseId}` };
    expect((await world.northtel.post(`/v1/cases/${caseId}/status`, solved)).status).toBe(200);
    await areTasksDone();
  }
  const { items } = (await world.northtel.get("/v1/problems")).body;
  const [problem, ...others] = items.filter((one: Body) => one["symptom"] === symptom);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ source: "joint-case", rootCause: `The cause of ${first}`, caseId: first });
  const { linkedCases } = await read(problem.id);
  expect(linkedCases.map(({ caseId }: Body) => caseId).toSorted()).toEqual([first, second].toSorted());
});

function joint(caseId: string): Message {
  const data = {
    actor: { party: "quill", automated: false },
    returns: 2,
    handoffId: newId("ho"),
    accountable: "northtel",
    parties: ["northtel", "orchard", "quill"],
  };
  return {
    topic: topics.handoff,
    key: caseId,
    sequence: 1,
    type: "joint.declared",
    time: Date.now(),
    timeline: wall,
    data,
  };
}

test("⚠ if the process dies between a decision and its tasks, the next process gives each case the workaround once", async () => {
  const symptom = unique("signal");
  const caseId = await openCase({ symptom });
  const { id } = await openProblem({ symptom });
  // The lock of the task worker stops the tasks, as if the process died right after the commit.
  const release = await holdTasks();
  await command(id, "known-error", { workaround: "Reset it.", fixCode: "reset" });
  expect(await countTasks()).toBe(1);
  await world.intake.stop();
  const repeated =
    "insert into task (timeline, subject, body) select timeline, subject, body from task where due_at is null";
  await world.database.query({ text: repeated }); // A task that ran before the crash and runs again has no second effect.
  await release();
  await world.restart();
  await areTasksDone();
  await waitFor(() => world.eventTypes(caseId).length > 1);
  expect(world.eventTypes(caseId)).toEqual(["case.opened", "known-error.matched"]);
  expect((await read(id)).counts).toMatchObject({ offered: 1 });
});

/** Keeps the right to run tasks until the returned function is called. */
async function holdTasks(): Promise<() => Promise<void>> {
  const [taken, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held = world.database.transaction(async (tx) => {
    await tx.query({ text: "select pg_advisory_xact_lock(hashtext('crossline.intake.task'))" });
    taken.resolve();
    await free.promise;
  });
  await taken.promise;
  return async () => {
    free.resolve();
    await held;
  };
}

test("⚠ a deadline that runs twice is overdue once", async () => {
  const { id } = await openProblem({ title: "Late" });
  const past = `update problem set state = jsonb_set(state, '{investigation,dueAt}', '1') where problem_id = '${id}'`;
  const due = `update task set due_at = now() - interval '1 day' where subject = '${id}'`;
  const twice = `insert into task (timeline, subject, due_at, body) select timeline, subject, due_at, body from task where subject = '${id}'`;
  await world.database.query({ text: `${past}; ${twice}; ${due}` });
  await waitFor(async () => (await countTasksOf(id)) === 0);
  expect((await read(id)).history.map(({ change }: Body) => change)).toEqual(["opened", "overdue"]);
});

async function countTasksOf(id: string): Promise<number> {
  const text = "select count(*) as count from task where subject = $1";
  const [row] = await world.database.query<{ count: number }>({ text, values: [id] });
  return row?.count ?? 0;
}

test("intake refuses commands of other companies, of unknown cases, and of an import", async () => {
  const { id } = await openProblem({ title: "Mine" });
  const foreign = await world.lumen.post(`/v1/problems/${id}/status`, { status: "cancelled", reason });
  const vendors = await world.orchard.post("/v1/problems", { title: "x", reason });
  const unknown = await command(id, "link", { caseId: newId("cs") });
  const both = await world.northtel.post("/v1/problems", { title: "x", reason, symptom: "dead", item: "msid" });
  const part = await world.northtel.post("/v1/problems", { title: "x", reason, kind: "fault", item: "msid" });
  const imported = await world.northtel.post("/v1/problems", { title: "x", reason, timeline: newId("imp") });
  expect([foreign, vendors, unknown, both, part, imported].map(({ status, body }) => `${status} ${body.code}`)).toEqual(
    [
      "404 not_found",
      "403 forbidden",
      "404 not_found",
      "400 invalid_request",
      "400 invalid_request",
      "409 timeline_ended",
    ],
  );
  expect((await read(id)).history).toHaveLength(1);
});
