import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type ApiResponse, type World, createWorld, waitFor } from "./world.ts";

/* The canaries of the REST door, through a real HTTP port. The timer is a stand-in, which reports the clocks that a test sets. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const patient = { timeoutMs: 30_000, pollMs: 50 };
const web = { line: "sales", channel: "web", every: "PT1M", within: "PT10S" };
const clocks = [{ kind: "first-response" as const, target: "PT4H", warnAt: [] }];

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.lineWith("sales", { clocks });
  await world.lineWith("support", { clocks });
  await world.line("northtel", "idle");
  await waitFor(async () => (await lineCount()) === 3, patient);
});
afterAll(() => world.stop());
beforeEach(async () => {
  await set();
  world.standIns.timer.clocks = [{ kind: "first-response", state: "running" }];
});

async function lineCount(): Promise<number> {
  return (await world.database.query({ text: "select from line" })).length;
}
const set = (...canaries: object[]): Promise<ApiResponse> =>
  world.northtel.send("PUT", "/v1/canaries", {
    body: JSON.stringify({ canaries }),
    headers: { "content-type": "application/json" },
  });
const list = async (): Promise<any[]> => (await world.northtel.get("/v1/canaries")).body.items;
const canaryCases = async (): Promise<any[]> => (await world.northtel.get("/v1/cases?canary=true")).body.items;

/** Waits until the only canary has the result of another run, and returns this result. */
async function nextResult(before?: { startedAt: string }): Promise<any> {
  return waitFor(async () => {
    const [canary] = await list();
    return canary?.last?.startedAt !== before?.startedAt ? canary.last : undefined;
  }, patient);
}
/** Sets the canary and waits until its first run was acknowledged. */
async function acknowledged(canary: object): Promise<any> {
  await set(canary);
  const first = await nextResult();
  expect(first).toMatchObject({ outcome: "acknowledged" });
  return first;
}
const statusOf = async (caseId: string): Promise<string> =>
  (await world.northtel.get(`/v1/cases/${caseId}`)).body.status;
async function keyOf(): Promise<string> {
  const [row] = await world.database.query<{ keyId: string }>({ text: `select key_id as "keyId" from canary` });
  return row?.keyId ?? "";
}
/**
 * Brings the only canary into the state that a process leaves behind if it dies between two transactions.
 * The door has taken the inquiry, and the process has not saved that. Returns the id of the case.
 */
async function dieAfterOpening(): Promise<string> {
  await runNow(5_000);
  const caseId = await waitFor(async () => {
    const [row] = await world.database.query<{ caseId: string | null }>({
      text: `select state->'run'->>'caseId' as "caseId" from canary`,
    });
    return row?.caseId ?? undefined;
  }, patient);
  await world.database.query({
    text: `update canary set lease = 'of a dead process', lease_until = now() + interval '1 second',
      state = (state::jsonb #- '{run,caseId}' || jsonb_build_object('run', (state::jsonb->'run') - 'caseId' || '{"stage": "send"}'))::json
      where running`,
  });
  return caseId;
}
/** Makes the run of the only canary due now and gives it this time. Only the database has the schedule. */
async function runNow(withinMs = 10_000): Promise<void> {
  await world.database.query({
    text: `update canary set step_at = now(), within_ms = $1, due_at = now(),
      state = (state::jsonb || jsonb_build_object('dueAt', floor(extract(epoch from now()) * 1000)))::json`,
    values: [withinMs],
  });
}
async function missedCount(door: string): Promise<number> {
  const { body } = await world.client("internal-key-of-these-tests").get("/metrics");
  const row = (body as string)
    .split("\n")
    .find((one) => one.startsWith("crossline_canary_missed_total") && one.includes(`door="${door}"`));
  return Number(row?.split(" ").at(-1));
}

describe("a run through the REST door", () => {
  test("opens a marked inquiry, reads it back, closes it, and reports the result", async () => {
    expect(await set(web)).toMatchObject({
      status: 200,
      body: {
        items: [{ line: "sales", channel: "web", every: "PT1M", within: "PT10S", id: expect.stringMatching(/^cn_/) }],
      },
    });
    const result = await nextResult();
    expect(result).toMatchObject({ outcome: "acknowledged", caseId: expect.stringMatching(/^cs_/) });
    const [canary] = await list();
    expect(canary.lastAcknowledgedAt).toBe(result.endedAt);
    expect(Date.parse(canary.nextRunAt) - Date.parse(result.startedAt)).toBeGreaterThan(50_000);
    expect(await keyOf()).toMatch(/^cnk_/);
    const { body: opened } = await world.northtel.get(`/v1/cases/${result.caseId}`);
    expect(opened).toMatchObject({
      status: "closed",
      kind: "inquiry",
      channel: "web",
      canary: { canaryId: canary.id, door: "rest" },
    });
    await waitFor(() => world.eventTypes(result.caseId).length === 2, patient);
    expect(world.eventTypes(result.caseId)).toEqual(["case.opened", "case.closed"]);
    expect(world.events.find(({ key, type }) => key === result.caseId && type === "case.opened")?.data).toMatchObject({
      canary: { canaryId: canary.id, door: "rest" },
    });
    expect(world.standIns.timer.passedRequests.some(({ url }) => url === `/v1/cases/${result.caseId}/clocks`)).toBe(
      true,
    );
  });

  test("is missed if the clock never runs, and counted for its door", async () => {
    const before = await missedCount("rest");
    const first = await acknowledged(web);
    world.standIns.timer.clocks = [{ kind: "stall.idle", state: "running" }];
    await runNow(1_500);
    const result = await nextResult(first);
    expect(result).toMatchObject({ outcome: "missed", stage: "read-back", fault: "clock-not-running" });
    expect(Date.parse(result.endedAt) - Date.parse(result.startedAt)).toBeGreaterThan(1_500);
    expect(await missedCount("rest")).toBe(before + 1);
    expect(await missedCount("mail")).toBe(0);
    await waitFor(async () => (await statusOf(result.caseId)) === "closed", patient);
    const [canary] = await list();
    expect(canary.lastAcknowledgedAt).toBe(first.endedAt);
  });

  test("is missed if the timer does not know the case, for example because Kafka is down", async () => {
    const first = await acknowledged(web);
    world.standIns.timer.clocks = undefined;
    await runNow(1_500);
    expect(await nextResult(first)).toMatchObject({ outcome: "missed", stage: "read-back" });
  });

  test("is missed if intake does not know the API key", async () => {
    const first = await acknowledged(web);
    const keyId = await keyOf();
    expect((await world.operator.send("DELETE", `/v1/parties/northtel/keys/${keyId}`)).status).toBe(204);
    // A deleted key works for up to 5 s, so the first run after the deletion may still be acknowledged.
    let last = first;
    await waitFor(async () => {
      await runNow(1_500);
      last = await nextResult(last);
      return last.outcome === "missed";
    }, patient);
    expect(last).toMatchObject({ stage: expect.stringMatching(/send|read-back/), fault: "unauthenticated" });
  });

  test("is missed if intake can no longer decrypt the key, and the next PUT replaces the key", async () => {
    const first = await acknowledged(web);
    await world.database.query({ text: "update canary set sealed_key = 'AAAA'" });
    await runNow(1_000);
    const second = await nextResult(first);
    expect(second).toMatchObject({ outcome: "missed", stage: "send", fault: "key-unreadable" });
    await set(web);
    await runNow();
    expect(await nextResult(second)).toMatchObject({ outcome: "acknowledged" });
  });
});

describe("a door that a test closes", () => {
  test.for([
    ["nothing listens at the public address", { canaryUrl: "http://127.0.0.1:9" }, "unreachable"],
    ["the outbox of intake is full", { outboxLimit: -1 }, "overloaded"],
  ] as const)("is missed at the stage `send` if %s", async ([, settings, fault]) => {
    const other = await createWorld(settings);
    try {
      await other.lineWith("sales", { clocks });
      const body = JSON.stringify({ canaries: [web] });
      const headers = { "content-type": "application/json" };
      const setOther = () => other.northtel.send("PUT", "/v1/canaries", { body, headers });
      await waitFor(async () => (await setOther()).status === 200, patient);
      const last = await waitFor(async () => (await other.northtel.get("/v1/canaries")).body.items[0].last, patient);
      expect(last).toMatchObject({ outcome: "missed", stage: "send", fault });
      expect(last).not.toHaveProperty("caseId");
    } finally {
      await other.stop();
    }
  });

  test("is missed if intake cannot store the inquiry", async () => {
    const first = await acknowledged(web);
    await world.database.query({ text: "alter table outbox add constraint no_more check (false) not valid" });
    await runNow(1_500);
    const missed = await nextResult(first);
    await world.database.query({ text: "alter table outbox drop constraint no_more" });
    expect(missed).toMatchObject({ outcome: "missed", stage: "send", fault: "internal_error" });
  });
});

describe("several replicas and crashes", () => {
  test("two replicas run each canary once", async () => {
    const replica = await world.replica();
    try {
      const casesBefore = (await canaryCases()).length;
      let last = await acknowledged(web);
      for (let run = 0; run < 4; run++) {
        await runNow();
        last = await nextResult(last);
        expect(last.outcome).toBe("acknowledged");
      }
      expect((await canaryCases()).length).toBe(casesBefore + 5);
    } finally {
      await replica.stop();
    }
  });

  test("if a process dies in a run, another process continues the run with the same case", async () => {
    const first = await acknowledged(web);
    const casesBefore = (await canaryCases()).length;
    await dieAfterOpening();
    const second = await nextResult(first);
    expect(second).toMatchObject({ outcome: "acknowledged" });
    expect((await canaryCases()).length).toBe(casesBefore + 1);
    expect(await statusOf(second.caseId)).toBe("closed");
  });

  test("if no process continues the run in time, the run is missed, and the case that it left open is closed", async () => {
    const first = await acknowledged(web);
    world.standIns.timer.clocks = undefined;
    const caseId = await dieAfterOpening();
    await world.database.query({
      text: `update canary set state = jsonb_set(state::jsonb, '{run,until}', to_jsonb(floor(extract(epoch from now()) * 1000) - 1))::json`,
    });
    expect(await nextResult(first)).toMatchObject({ outcome: "missed", stage: "send" });
    await waitFor(async () => (await statusOf(caseId)) === "closed", patient);
  });

  test("the schedule and the results survive a restart", async () => {
    const first = await acknowledged(web);
    const [before] = await list();
    await world.restart();
    expect((await list())[0]).toEqual(before);
    await runNow();
    expect(await nextResult(first)).toMatchObject({ outcome: "acknowledged" });
  });

  test("only Postgres' clock counts: a run that a jump of the clock has put far into the future starts at once", async () => {
    const first = await acknowledged(web);
    await world.database.query({
      text: `update canary set step_at = now() + interval '3 days', due_at = now() + interval '3 days',
        state = (state::jsonb || jsonb_build_object('dueAt', floor(extract(epoch from now() + interval '3 days') * 1000)))::json`,
    });
    const second = await nextResult(first);
    expect(second.outcome).toBe("acknowledged");
    expect(Date.parse((await list())[0].nextRunAt) - Date.parse(second.endedAt)).toBeLessThanOrEqual(60_000);
  });
});

describe("the list of canaries", () => {
  test("keeps a canary with the same line and channel, and removes the others with their keys", async () => {
    await acknowledged(web);
    const [before] = await list();
    const support = { ...web, line: "support" };
    await set({ ...web, every: "PT2M", within: "PT20S" }, support);
    const [sales, added] = await list();
    expect(sales).toMatchObject({ id: before.id, every: "PT2M", within: "PT20S", last: before.last });
    expect(added.line).toBe("support");
    await set(support);
    expect(await list()).toMatchObject([{ id: added.id }]);
    const keys = await world.database.query({ text: "select id from party_key where starts_with(id, 'cnk_')" });
    expect(keys).toHaveLength(1);
  });

  test("closes the open case of a canary that is removed in its run", async () => {
    const first = await acknowledged(web);
    world.standIns.timer.clocks = undefined;
    await runNow();
    const { id } = await waitFor(
      async () => (await world.northtel.get("/v1/cases?canary=true&status=acknowledged")).body.items[0],
      patient,
    );
    expect(id).not.toBe(first.caseId);
    await set();
    await waitFor(async () => (await statusOf(id)) === "closed", patient);
  });

  test.for([
    ["an unknown line", { ...web, line: "none" }, "unknown_line", "/canaries/0/line"],
    ["a line without a first-response clock", { ...web, line: "idle" }, "invalid_request", "/canaries/0/line"],
    [
      "the mail door of an installation without mail",
      { ...web, channel: "mail" },
      "invalid_request",
      "/canaries/0/channel",
    ],
    ["a period below a minute", { ...web, every: "PT59S" }, "invalid_request", "/canaries/0/every"],
    ["a period above a day", { ...web, every: "P2D" }, "invalid_request", "/canaries/0/every"],
    ["a run below ten seconds", { ...web, within: "PT9S" }, "invalid_request", "/canaries/0/within"],
    ["a run as long as the period", { ...web, within: "PT1M" }, "invalid_request", "/canaries/0/within"],
    ["a month, whose length is not fixed", { ...web, every: "P1M" }, "invalid_request", "/canaries/0/every"],
    ["a channel without a door", { ...web, channel: "phone" }, "invalid_request", "/canaries/0/channel"],
  ] as const)("refuses %s", async ([, canary, code, at]) => {
    const { body } = await set(canary);
    expect(body).toMatchObject({ code, fields: [{ at }] });
    expect(await list()).toEqual([]);
  });

  test("refuses a repeated line and channel, and more than ten canaries", async () => {
    expect((await set(web, { ...web, every: "PT5M" })).body).toMatchObject({ fields: [{ at: "/canaries/1" }] });
    expect((await set(...Array.from({ length: 11 }, () => web))).status).toBe(400);
  });

  test("belongs to one carrier", async () => {
    await acknowledged(web);
    expect((await world.lumen.get("/v1/canaries")).body).toEqual({ items: [] });
    expect(await world.orchard.get("/v1/canaries")).toMatchObject({ status: 403 });
    expect(await world.operator.get("/v1/canaries")).toMatchObject({ status: 403 });
  });
});
