import { type LineRef, formatInstant, topics } from "@crossline/contracts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ask, type Case, type World, acceptance, nine, startWorld } from "./world.ts";

let world: World;
let line: LineRef;
let orchard: Ask;
let quill: Ask;
let northtel: Ask;
let southtel: Ask;

beforeAll(async () => {
  world = await startWorld();
  [orchard, quill] = [world.as("orchard"), world.as("quill")];
  [northtel, southtel] = [world.as("northtel"), world.as("southtel")];
  line = await world.publish("northtel", { line: "handheld" });
});
afterAll(() => world.stop());

const evidence = { test: "on a reference", result: "it works", wouldChangeOurMind: "a log of the failure" };
const engineer = { name: "Ada Lovett", contact: "ada@orchard.example" };
const desk = (handoffId: string, queue = "orchard.handheld"): string => `/v1/queues/${queue}/handoffs/${handoffId}`;

async function claimHandoff(one?: Case) {
  const its = one ?? (await world.open(line));
  await its.cross();
  const handoffId = await its.offered();
  const { body } = await orchard("POST", `${desk(handoffId)}/claim`);
  return { one: its, handoffId, token: body.token as number, version: body.brief.case.version as number };
}

async function acceptHandoff(one?: Case) {
  const { version, ...rest } = await claimHandoff(one);
  const { status } = await orchard("POST", `${desk(rest.handoffId)}/accept`, acceptance(rest.token, version));
  expect(status).toBe(200);
  return rest;
}

/** Opens a case that is returned twice. */
async function openJointCase() {
  const { one, handoffId, token } = await acceptHandoff();
  await orchard("POST", `${desk(handoffId)}/return`, { token, code: "bad-data", evidence });
  const second = await acceptHandoff(one);
  await orchard("POST", `${desk(second.handoffId)}/return`, { token: second.token, code: "not-our-fault", evidence });
  return one;
}

describe("an information request before the acceptance", () => {
  const question = { code: "needs-log", items: ["battery-log"], question: "When did it die?" };

  test("the carrier answers an information request, and the desk continues with the same token and the rest of its time", async () => {
    const { one, handoffId, token } = await claimHandoff();
    one.after(30);
    expect((await orchard("POST", `${desk(handoffId)}/request-info`, { token, ...question })).body).toMatchObject({
      phase: "info-requested",
    });
    expect((await orchard("GET", desk(handoffId))).body).not.toHaveProperty("acceptBy");
    one.after(30);
    const path = `/v1/cases/${one.id}/handoffs/${handoffId}/information`;
    expect((await northtel("POST", path, { answer: "last night" })).status).toBe(200);
    const { body } = await orchard("GET", desk(handoffId));
    expect(body).toMatchObject({ phase: "claimed", acceptBy: "2026-03-07T14:02:00Z" });
    expect((await orchard("POST", `${desk(handoffId)}/renew`, { token })).status).toBe(200);
    expect((await northtel("POST", path, { answer: "again" })).body.code).toBe("illegal_transition");
    expect(await one.types()).toEqual([
      "handoff.offered",
      "handoff.claimed",
      "handoff.info-requested",
      "handoff.info-provided",
      "handoff.renewed",
    ]);
  });

  test("no other company can read or answer an information request", async () => {
    const { one, handoffId, token } = await claimHandoff();
    await orchard("POST", `${desk(handoffId)}/request-info`, { token, ...question });
    const path = `/v1/cases/${one.id}/handoffs/${handoffId}/information`;
    expect((await southtel("POST", path, { answer: "x" })).status).toBe(404);
    expect((await orchard("POST", path, { answer: "x" })).status).toBe(403);
    expect((await quill("POST", `${desk(handoffId)}/request-info`, { token, ...question })).status).toBe(404);
  });

  test("a hand-off is listed as info-requested until its lease expires, and then as offered", async () => {
    const { one, handoffId, token } = await claimHandoff();
    await orchard("POST", `${desk(handoffId)}/request-info`, { token, ...question });
    const listed = async (state: string): Promise<string[]> => {
      const path = `/v1/queues/orchard.handheld/handoffs?timeline=${one.timeline}&state=${state}`;
      const { body } = await orchard("GET", path);
      return body.items.map((item: { handoffId: string; phase: string }) => `${item.handoffId} ${item.phase}`);
    };
    expect([await listed("info-requested"), await listed("offered")]).toEqual([[`${handoffId} info-requested`], []]);
    const marked = { type: "timeline.marked", topic: topics.case, key: `${one.timeline}/0`, partition: 0, sequence: 1 };
    const time = nine + 3_600_000;
    await world.send({ ...marked, time, timeline: one.timeline, data: { mark: formatInstant(time) } });
    expect([await listed("info-requested"), await listed("offered")]).toEqual([[], [`${handoffId} offered`]]);
  });
});

describe("a return", () => {
  test("a return without evidence is refused with the place `/evidence`", async () => {
    const { one, handoffId, token } = await acceptHandoff();
    expect(await orchard("POST", `${desk(handoffId)}/return`, { token, code: "bad-data" })).toMatchObject({
      status: 422,
      body: { code: "evidence_needed", fields: [{ at: "/evidence" }] },
    });
    expect(await one.types()).not.toContain("handoff.returned");
  });

  test("a return with evidence makes the carrier the holder; the second return makes the case joint", async () => {
    const one = await openJointCase();
    const { body } = await northtel("GET", `/v1/cases/${one.id}/handoffs`);
    expect(body).toMatchObject({ holder: "northtel", returns: 2 });
    expect(body.handoffs).toMatchObject([
      { phase: "returned", ending: { code: "bad-data", evidence } },
      { phase: "returned", ending: { code: "not-our-fault", evidence } },
    ]);
    const { handoffId, token } = await acceptHandoff(one);
    const back = { token, code: "bad-data", evidence };
    expect((await orchard("POST", `${desk(handoffId)}/return`, back)).body.code).toBe("returning_closed");
    const on = { token, code: "wrong-team", to: "orchard.tier2" };
    expect((await orchard("POST", `${desk(handoffId)}/transfer`, on)).body.code).toBe("returning_closed");
    const rootless = await orchard("POST", `${desk(handoffId)}/resolve`, { token, fixCode: "reset" });
    expect(rootless).toMatchObject({ status: 422, body: { code: "root_cause_needed" } });
    const cure = { token, fixCode: "reset", rootCause: "a bad batch" };
    expect((await orchard("POST", `${desk(handoffId)}/resolve`, cure)).status).toBe(200);
  });
});

describe("a joint case", () => {
  test("a joint case names a person of each company, and one accountable company", async () => {
    const one = await openJointCase();
    const path = `/v1/cases/${one.id}/joint`;
    expect((await northtel("POST", `${path}/person`, { engineer })).status).toBe(200);
    expect((await orchard("POST", `${path}/person`, { engineer, accountable: true })).status).toBe(200);
    expect((await orchard("POST", `${path}/sessions`, { outcome: "both boards are exchanged" })).status).toBe(200);
    expect((await one.published()).handoffs.slice(-3)).toMatchObject([
      { type: "joint.person-named", data: { party: "northtel", subject: { engineer } } },
      { type: "joint.person-named", data: { party: "orchard", accountable: true } },
      { type: "joint.session-held", data: { outcome: "both boards are exchanged" } },
    ]);
  });

  test("no other company can read a joint case", async () => {
    const one = await openJointCase();
    for (const ask of [southtel, quill]) {
      expect((await ask("POST", `/v1/cases/${one.id}/joint/person`, { engineer })).status).toBe(404);
      expect((await ask("POST", `/v1/cases/${one.id}/joint/sessions`, { outcome: "x" })).status).toBe(404);
    }
  });

  test("the commands of a joint case are refused on a case without returns", async () => {
    const { one } = await acceptHandoff();
    const answer = await northtel("POST", `/v1/cases/${one.id}/joint/sessions`, { outcome: "x" });
    expect(answer).toMatchObject({ status: 409, body: { code: "illegal_transition" } });
  });
});

describe("a transfer", () => {
  test("a transfer offers the case to another company, and the sender stays the holder until the acceptance", async () => {
    const { one, handoffId, token } = await acceptHandoff();
    const before = await quill("GET", `/v1/cases/${one.id}/handoffs`);
    expect(before.status).toBe(404);
    const on = { token, code: "component-of-other", to: "quill.radio", note: "the modem" };
    expect((await orchard("POST", `${desk(handoffId)}/transfer`, on)).body).toMatchObject({ phase: "transferred" });
    const next = await one.offered();
    expect((await quill("GET", `/v1/cases/${one.id}/handoffs`)).body).toMatchObject({
      holder: "orchard",
      handoffs: [{ handoffId: next, reason: "transferred", phase: "offered" }],
    });
    const claim = await quill("POST", `${desk(next, "quill.radio")}/claim`);
    const accepting = acceptance(claim.body.token, claim.body.brief.case.version);
    expect((await quill("POST", `${desk(next, "quill.radio")}/accept`, accepting)).status).toBe(200);
    expect((await northtel("GET", `/v1/cases/${one.id}/handoffs`)).body).toMatchObject({
      holder: "quill",
      handoffs: [{ phase: "transferred", ending: { to: "quill.radio", code: "component-of-other" } }, {}],
    });
    expect((await orchard("POST", `${desk(handoffId)}/resolve`, { token, fixCode: "x" })).status).toBe(409);
  });

  test("a transfer to an unregistered vendor is refused", async () => {
    const { one, handoffId, token } = await acceptHandoff();
    const on = { token, code: "wrong-vendor", to: "nobody.desk" };
    expect(await orchard("POST", `${desk(handoffId)}/transfer`, on)).toMatchObject({
      status: 422,
      body: { code: "unknown_party", fields: [{ at: "/to" }] },
    });
    expect(await one.types()).not.toContain("handoff.transferred");
  });
});

test("a fix is listed only in the briefs of later cases with the same symptom and model", async () => {
  const like = { device: { vendor: "orchard", model: "Handheld 9900" }, symptom: "no-signal" };
  const { one, handoffId, token } = await acceptHandoff(await world.open(line, like));
  await orchard("POST", `${desk(handoffId)}/resolve`, { token, fixCode: "reseat-sim" });
  const knownErrors = [{ fixCode: "reseat-sim", cures: 1 }];
  const next = await world.open(line, { ...like, timeline: one.timeline });
  await next.cross();
  expect((await next.published()).queue.at(-1)?.data).toMatchObject({ brief: { knownErrors } });
  const path = desk(await next.offered());
  expect((await orchard("GET", path)).body.brief).toMatchObject({ knownErrors });
  const listed = await orchard("GET", `/v1/queues/orchard.handheld/handoffs?timeline=${one.timeline}`);
  expect(listed.body.items.at(-1).brief).toMatchObject({ knownErrors });
  expect((await orchard("POST", `${path}/claim`)).body.brief).toMatchObject({ knownErrors });

  for (const other of [{ ...like, symptom: "dead-device", timeline: one.timeline }, like]) {
    const unlike = await world.open(line, other);
    await unlike.cross();
    expect((await orchard("GET", desk(await unlike.offered()))).body.brief).not.toHaveProperty("knownErrors");
  }
});

test.each([
  ["an unknown code", "request-info", { token: 1, code: "bored" }, "/code"],
  ["an item that is no name", "request-info", { token: 1, code: "needs-log", items: ["A log!"] }, "/items/0"],
  ["half the evidence", "return", { token: 1, code: "bad-data", evidence: { test: "x" } }, "/evidence/result"],
  ["no queue", "transfer", { token: 1, code: "wrong-team", to: "orchard" }, "/to"],
] as const)("%s is refused, and the refusal names the place", async (_, step, body, at) => {
  const { handoffId } = await claimHandoff();
  const answer = await orchard("POST", `${desk(handoffId)}/${step}`, body);
  expect(answer).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  expect(answer.body.fields.map((field: { at: string }) => field.at)).toContain(at);
});

test("no random request gets status 500, and a refused request stores nothing", async () => {
  const one = await openJointCase();
  const { handoffId, token } = await claimHandoff(one);
  const sane: Record<string, unknown> = {
    token,
    code: "bad-data",
    evidence,
    to: "orchard.tier2",
    items: ["log"],
    question: "when?",
    note: "n",
    answer: "a",
    engineer,
    accountable: true,
    outcome: "o",
    person: "eng-1",
    fixCode: "x",
    rootCause: "r",
  };
  const value = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: "binary" }),
    fc.integer(),
    fc.constantFrom("\0", "\uD800", "x".repeat(5000), "quill.radio", "needs-log", "wrong-team", [], {}),
  );
  const field = fc.constantFrom(...Object.keys(sane));
  const steps: readonly (readonly [path: string, ask: Ask, fields: readonly string[]])[] = [
    [`${desk(handoffId)}/request-info`, orchard, ["token", "code", "items", "question", "person"]],
    [`${desk(handoffId)}/return`, orchard, ["token", "code", "evidence", "note", "person"]],
    [`${desk(handoffId)}/transfer`, orchard, ["token", "code", "to", "evidence", "note", "person"]],
    [`${desk(handoffId)}/resolve`, orchard, ["token", "fixCode", "rootCause", "note", "person"]],
    [`/v1/cases/${one.id}/handoffs/${handoffId}/information`, northtel, ["answer", "person"]],
    [`/v1/cases/${one.id}/joint/person`, orchard, ["engineer", "accountable", "person"]],
    [`/v1/cases/${one.id}/joint/sessions`, northtel, ["outcome", "person"]],
  ];
  const stateOf = async (): Promise<unknown> => {
    const [row] = await world.database.query<{ state: object; handoffs: number }>({
      text: "select state, (select count(*)::int from handoff where case_id = $1) as handoffs from case_crossing where case_id = $1",
      values: [one.id],
    });
    return row;
  };
  const statuses = new Set<number>();
  const sent = fc.oneof(
    { weight: 3, arbitrary: fc.record({ field, value }) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...steps), sent, async ([path, ask, fields], change) => {
      const body = Object.fromEntries(fields.map((name) => [name, sane[name]]));
      if (change !== undefined) body[change.field] = change.value;
      const before = await stateOf();
      const { status, body: answer } = await ask("POST", path, body);
      statuses.add(status);
      expect({ path, body, answer, isFault: status >= 500 }).toMatchObject({ isFault: false });
      const isChanged = JSON.stringify(await stateOf()) !== JSON.stringify(before);
      expect([status, isChanged && status >= 400]).toEqual([status, false]);
    }),
    { numRuns: 200 },
  );
  expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 409]));
});
