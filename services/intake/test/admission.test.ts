import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFairBuffer } from "../src/admission/fair-buffer.ts";
import { createAdmission } from "../src/admission/admission.ts";
import { type ApiResponse, type World, createWorld, internalKey, opening, waitFor } from "./world.ts";

describe("concurrent requests", () => {
  test("one flooding party gets half of the places, two flooding parties get a third each, and a new party finds a place", () => {
    const admission = createAdmission({ requestsMax: 90 });
    const fill = (party: string): number => {
      let count = 0;
      while (admission.enter(party, true) === undefined) count++;
      return count;
    };
    expect(fill("flood")).toBe(45);
    expect(admission.enter("flood", true)).toBe("full");
    for (let left = 0; left < 15; left++) admission.leave("flood");
    expect(fill("other")).toBe(30);
    expect(admission.enter("flood", true)).toBe("full-share");
    expect(admission.enter("desk", true)).toBeUndefined();
    expect(admission.atWork()).toBe(61);
  });

  test("concurrent requests never exceed the limit, with any number of parties", () => {
    const admission = createAdmission({ requestsMax: 10 });
    const responses = Array.from({ length: 40 }, (_, party) => admission.enter(`p-${party}`, false));
    expect(responses.filter((response) => response === undefined)).toHaveLength(10);
    expect(responses.at(-1)).toBe("full");
    for (let party = 0; party < 10; party++) admission.leave(`p-${party}`);
    expect(admission.atWork()).toBe(0);
  });
});

describe("the rate limiter", () => {
  test("the rate limiter divides each window's commands among the parties by their demand", () => {
    let now = 0;
    const admission = createAdmission({ requestsMax: 1_000_000, clock: () => now });
    admission.setLimit({ perSecond: 1_000, backlog: 0, hold: 0 }); // The rate limit allows 100 commands in each window.
    const letIn = { flood: 0, desk: 0 };
    for (let window = 0; window < 20; window++, now += 100) {
      for (let command = 0; command < 300; command++) {
        if (admission.enter("flood", true) === undefined) letIn.flood++;
        if (command < 10 && admission.enter("desk", true) === undefined) letIn.desk++;
      }
    }
    expect(letIn.desk).toBe(200);
    expect(letIn.flood).toBeGreaterThan(19 * 90);
    expect(letIn.flood).toBeLessThanOrEqual(20 * 100);
    expect(admission.enter("flood", false)).toBeUndefined(); // The rate limit does not apply to reads.
    expect(admission.admitted()).toBe(letIn.flood + letIn.desk);
  });

  test("the rate limiter's reason shows whether the refused party was the only sender or was above its share", () => {
    let now = 0;
    const admission = createAdmission({ requestsMax: 1_000, clock: () => now });
    admission.setLimit({ perSecond: 100, backlog: 0, hold: 0 });
    const lastOf = (party: string) => Array.from({ length: 30 }, () => admission.enter(party, true)).at(-1);
    lastOf("flood");
    now += 100;
    expect(lastOf("flood")).toBe("gate");
    admission.enter("desk", true);
    now += 100;
    expect(lastOf("flood")).toBe("gate-share");
  });
});

test("the buffer gives the parties turns and keeps the order of each party's items", () => {
  const queue = createFairBuffer<string>();
  for (const one of ["a1", "a2", "a3", "a4"]) queue.push("a", one);
  queue.push("b", "b1");
  queue.push("c", "c1");
  expect(queue.take(4)).toEqual(["a1", "b1", "c1", "a2"]);
  queue.push("b", "b2");
  expect(queue.size()).toBe(3);
  expect(queue.take(10)).toEqual(["a3", "b2", "a4"]);
  expect(queue.take(1)).toEqual([]);
});

describe("over REST", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld({ backlogLimit: 100, requestsMax: 10 });
  });
  afterEach(async () => {
    await world.stop();
  });

  const isRefusal = ({ status }: ApiResponse) => status === 429 || status === 503;
  /** Sends requests one after the other, so that the limit of concurrent requests does not refuse them. */
  const series = async (client: World["northtel"], count: number): Promise<ApiResponse[]> => {
    const responses: ApiResponse[] = [];
    for (let sent = 0; sent < count; sent++) responses.push(await client.post("/v1/cases", opening()));
    return responses;
  };

  test("during a backlog, intake refuses only the flooding carrier's commands, and after the backlog intake refuses no command", async () => {
    world.standIns.timer.pressure = { lag: 100_000, outbox: 0 };
    const alone = await waitFor(async () => (await series(world.northtel, 60)).find(isRefusal));
    expect(alone).toMatchObject({ status: 503, body: { code: "overloaded", status: 503 } });
    expect(alone.headers.get("retry-after")).toBe("1");
    const beside = await waitFor(async () => {
      const [flood, desk] = await Promise.all([series(world.northtel, 60), series(world.lumen, 2)]);
      expect(desk.map(({ status }) => status)).toEqual([201, 201]);
      return flood.find(({ status }) => status === 429);
    });
    expect(beside.body).toMatchObject({ code: "too_many_requests", status: 429 });
    expect(beside.headers.get("retry-after")).toBe("1");
    expect((await world.northtel.get("/v1/cases")).status).toBe(200);
    world.standIns.timer.pressure = { lag: 0, outbox: 0 };
    // The limit grows by a sixth each second, so the test waits longer on a faster machine.
    const isOpen = async () => (await series(world.northtel, 60)).every(({ status }) => status === 201);
    await waitFor(isOpen, { timeoutMs: 40_000 });
  }, 60_000);

  test("if a carrier has taken all its places, its next request gets 503 at once and changes nothing, and another carrier finds a place", async () => {
    const blocked = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const locking = world.database.transaction(async (tx) => {
      await tx.query({ text: "lock table case_record in exclusive mode" });
      locked.resolve();
      await blocked.promise;
    });
    await locked.promise;
    const bodies = Array.from({ length: 5 }, () => opening());
    const waiting = Promise.all(bodies.map((body) => world.northtel.post("/v1/cases", body)));
    const late = opening();
    await waitFor(async () => {
      const metrics = (await world.client(internalKey).get("/metrics")).body as unknown as string;
      return /^crossline_intake_requests_at_work\{.*\} 5$/m.test(metrics);
    });
    const refused = await world.northtel.post("/v1/cases", late);
    expect(refused).toMatchObject({ status: 503, body: { code: "overloaded" } });
    expect(refused.headers.has("x-request-id")).toBe(false); // Admission refuses the request before the request gets an id.
    expect(refused.headers.get("retry-after")).toBe("1");
    const other = world.lumen.post("/v1/cases", opening());
    blocked.resolve();
    await locking;
    expect((await waiting).map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect((await other).status).toBe(201);
    const { items } = (await world.northtel.get("/v1/cases")).body as { items: { carrierCaseId: string }[] };
    expect(items.map(({ carrierCaseId }) => carrierCaseId).toSorted()).toEqual(
      bodies.map(({ carrierCaseId }) => carrierCaseId as string).toSorted(),
    );
    expect((await world.northtel.post("/v1/cases", late)).status).toBe(201);
  });

  test("intake reports its pressure to a caller with the internal key", async () => {
    const path = "/internal/pressure";
    expect((await world.client(internalKey).get(path)).body).toEqual({ lag: 0, outbox: expect.any(Number) });
    expect((await world.northtel.get(path)).status).toBe(401);
  });
});
