import { type ReceivedMessage, topics } from "@crossline/contracts";
import { fromWire } from "@crossline/messaging";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ask, type World, startWorld } from "./world.ts";

let world: World;
let orchard: Ask;
let operator: Ask;
const published: ReceivedMessage[] = [];
beforeAll(async () => {
  world = await startWorld();
  [orchard, operator] = [world.as("orchard"), world.as("operator")];
  await world.broker.subscribe({
    group: "ring-test-witness",
    topics: [topics.roster],
    onAssigned: () => Promise.resolve(new Map()),
    onRecords: ({ records }) => {
      for (const record of records) {
        const read = fromWire(record);
        if (read.ok && !read.skipped) published.push(read.event);
      }
      return Promise.resolve();
    },
    onCrash: (error) => {
      throw error;
    },
  });
});
afterAll(() => world.stop());

const people = [
  { id: "p-ada", name: "Ada Lovett", mail: "ada@orchard.example", url: "https://pager.example.com/ada" },
  { id: "p-ben", name: "Ben Ode", url: "https://pager.example.com/ben" },
];
const turn = { turn: "daily", handover: "09:00", zone: "America/Toronto", start: "2026-03-01", order: ["p-ada"] };
const publish = (name: string, all = people) =>
  orchard("POST", "/v1/rosters", { roster: name, people: all, rotation: [{ ...turn, order: [all[0]?.id] }] });
const ring = (name: string, body?: object, headers?: Record<string, string>) =>
  orchard("POST", `/v1/rosters/${name}/ring-test`, body, headers);
/** Returns new people for each test, since the limit counts a person's test pages over all rosters. */
const renamed = (suffix: string) => people.map((one) => ({ ...one, id: `${one.id}-${suffix}` }));

test("routing publishes a ring test once per idempotency key, with the people and addresses; the response has the id", async () => {
  await publish("first", renamed("1"));
  const headers = { "idempotency-key": "ring-1" };
  const [answer, again] = [await ring("first", undefined, headers), await ring("first", undefined, headers)];
  expect(answer).toMatchObject({
    status: 202,
    body: {
      ringTestId: expect.stringMatching(/^rng_/),
      roster: { party: "orchard", name: "first", version: 1 },
      people: [
        { person: "p-ada-1", addresses: ["mailto:ada@orchard.example", "https://pager.example.com/ada"] },
        { person: "p-ben-1", addresses: ["https://pager.example.com/ben"] },
      ],
    },
  });
  expect(again.body).toEqual(answer.body);
  await world.drained();
  await waitFor(() => published.length > 0);
  expect(published).toMatchObject([
    { key: answer.body.ringTestId, sequence: 1, data: { party: "orchard", roster: "orchard.first", version: 1 } },
  ]);
  const data = published[0]?.data as { subject: { people: object[] } };
  expect(data.subject.people[0]).toMatchObject({ person: "p-ada-1", name: "Ada Lovett" });
  const { subject: _, ...rest } = data;
  expect(JSON.stringify(rest)).not.toMatch(/Lovett|ada@|pager\.example/);
});

test("a ring test can page some of the people; a person who is not on the roster is refused with the place", async () => {
  await publish("some", renamed("2"));
  expect(await ring("some", { people: ["p-ben-2"] })).toMatchObject({
    status: 202,
    body: { people: [{ person: "p-ben-2" }] },
  });
  expect(await ring("some", { people: ["p-ben-2", "p-eve"] })).toMatchObject({
    status: 400,
    body: { code: "invalid_request", fields: [{ at: "/people/1" }] },
  });
});

test("a person gets at most three test pages in an hour over all rosters; the refusal names the person and the time", async () => {
  await publish("often", renamed("3"));
  await publish("elsewhere", renamed("3"));
  for (const name of ["often", "elsewhere", "often"])
    expect((await ring(name, { people: ["p-ada-3"] })).status).toBe(202);
  const refused = await ring("elsewhere");
  expect(refused).toMatchObject({ status: 429, body: { code: "too_many_requests", people: ["p-ada-3"] } });
  const afterSeconds = Number(refused.headers.get("retry-after"));
  expect(afterSeconds).toBeGreaterThan(3_500);
  expect(afterSeconds).toBeLessThanOrEqual(3_600);
  expect((await ring("elsewhere", { people: ["p-ben-3"] })).status).toBe(202);
  // A refused ring test does not count: the person below the limit still has two test pages.
  for (const _ of [1, 2]) expect((await ring("elsewhere", { people: ["p-ben-3"] })).status).toBe(202);
  expect((await ring("elsewhere", { people: ["p-ben-3"] })).status).toBe(429);
});

test("the limit of test pages also holds for concurrent ring tests", async () => {
  await publish("together", renamed("4"));
  const answers = await Promise.all(Array.from({ length: 8 }, () => ring("together")));
  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
    202, 202, 202, 429, 429, 429, 429, 429,
  ]);
});

test("only the owner and the operator start a ring test; bad input is refused", async () => {
  await publish("mine", renamed("5"));
  for (const other of ["northtel", "quill"]) {
    expect((await world.as(other)("POST", "/v1/rosters/mine/ring-test")).status).toBe(404);
    expect((await world.as(other)("POST", "/v1/rosters/mine/ring-test?party=orchard")).status).toBe(404);
  }
  expect((await operator("POST", "/v1/rosters/mine/ring-test")).status).toBe(400);
  expect((await operator("POST", "/v1/rosters/mine/ring-test?party=orchard")).status).toBe(202);
  expect((await ring("none")).status).toBe(404);
  for (const body of [{ people: [] }, { people: "p" }, { people: [7] }, { persons: [] }, []])
    expect(await ring("mine", body)).toMatchObject({ status: 400 });
  expect(await ring("mine", {}, { "idempotency-key": "" })).toMatchObject({
    status: 400,
    body: { code: "missing_idempotency_key" },
  });
});
