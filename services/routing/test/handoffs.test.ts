import type { Brief, LineRef } from "@crossline/contracts";
import { brief, queueTopic } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ask, type Case, type World, acceptance, nine, startWorld } from "./world.ts";

let world: World;
let line: LineRef;
let orchard: Ask;
let northtel: Ask;

beforeAll(async () => {
  world = await startWorld();
  orchard = world.as("orchard");
  northtel = world.as("northtel");
  line = await world.publish("northtel", { line: "handheld" });
});
afterAll(() => world.stop());

const minutes = (count: number): number => count * 60;
const desk = (handoffId: string, queue = "orchard.handheld"): string => `/v1/queues/${queue}/handoffs/${handoffId}`;

/** Opens a case that crosses after twenty minutes on the phone. */
async function openCrossedCase(more: Parameters<World["open"]>[1] = {}): Promise<{ one: Case; handoffId: string }> {
  const one = await world.open(line, more);
  one.after(minutes(20));
  await one.breach("stall.busy");
  return { one, handoffId: await one.offered() };
}

/** Opens a case whose hand-off is claimed. */
async function claimHandoff() {
  const { one, handoffId } = await openCrossedCase();
  const { body } = await orchard("POST", `${desk(handoffId)}/claim`, { person: "eng-4" });
  return { one, handoffId, token: body.token as number, brief: body.brief as Brief };
}

/** Opens a case whose hand-off is accepted. */
async function acceptHandoff() {
  const { one, handoffId, token, brief: read } = await claimHandoff();
  const { status } = await orchard("POST", `${desk(handoffId)}/accept`, acceptance(token, read.case.version));
  expect(status).toBe(200);
  return { one, handoffId, token };
}

describe("a breach", () => {
  test("a breach offers the case to the vendor's queue, with all data that the vendor needs", async () => {
    const one = await world.open(line);
    const handling = { actor: one.rep, handlingId: "hd_1", channel: "phone" as const };
    await one.publish("handling.started", handling);
    one.after(minutes(5));
    const customer = { kind: "hypothesis", by: "customer", audience: "partners", news: true } as const;
    await one.publish("entry.added", { actor: one.rep, entryId: "en_1", ...customer, text: "out of memory?" });
    const secret = { kind: "note", by: "party", audience: "internal", news: true } as const;
    await one.publish("entry.added", { actor: one.rep, entryId: "en_2", ...secret, text: "tiresome customer" });
    one.after(minutes(14));
    await one.publish("handling.continued", handling);
    one.after(minutes(1));
    const firingId = await one.breach("stall.busy");

    const { handoffs, queue } = await one.published();
    expect(handoffs).toMatchObject([
      {
        type: "handoff.offered",
        time: one.now(),
        after: [
          { sequence: 5, key: one.id },
          { sequence: 1, key: one.id },
        ],
        data: {
          vendor: "orchard",
          queue: "orchard.handheld",
          mode: "live-assist",
          reason: "clock",
          clock: "stall.busy",
          firingId,
        },
      },
    ]);
    expect(queue).toHaveLength(1);
    const [record] = queue;
    expect(record).toMatchObject({
      topic: queueTopic("orchard", "stepped"),
      type: "queue.offered",
      key: one.id,
      sequence: 1,
      data: { offeredAt: "2026-03-07T14:20:00Z", acceptBy: "2026-03-07T14:21:30Z" },
    });
    const offer = record?.data as { brief: Brief; claim: string };
    expect(brief.parse(offer.brief)).toMatchObject({
      case: { id: one.id, carrier: "northtel", severity: "major", title: "Handheld is dead" },
      device: { model: "Handheld 8700" },
      hypotheses: [{ text: "out of memory?", by: "customer" }],
      liveHandling: { channel: "phone", minutes: 20 },
      timesByHolder: { northtel: 20 * 60_000 },
      subject: { name: "A. Customer" },
    });
    expect(JSON.stringify(record)).not.toContain("tiresome");
    // A desk can begin work after it has read only the queue record.
    expect((await orchard("POST", offer.claim)).status).toBe(200);
  });

  test("a breach on the wall timeline puts the offer on the vendor's topic of that timeline", async () => {
    const one = await world.open(line, { timeline: "wall", at: Date.now() });
    await one.cross();
    const { queue } = await one.published();
    expect(queue.map(({ topic }) => topic)).toEqual([queueTopic("orchard", "wall")]);
    expect((await orchard("POST", `${desk(await one.offered())}/claim`)).status).toBe(200);
  });

  test("a breach offers nothing if the case is closed at the same instant", async () => {
    const one = await world.open(line);
    one.after(minutes(20));
    await one.publish("case.closed", { actor: one.rep, from: "acknowledged", reason: "by-carrier" });
    await one.breach("stall.busy");
    expect(await one.types()).toEqual([]);
  });

  test("the breach of a clock that takes no line step causes no offer", async () => {
    const one = await world.open(line);
    await one.breach("first-response");
    expect(await one.types()).toEqual([]);
  });

  test("a breach during an open hand-off changes nothing", async () => {
    const { one } = await openCrossedCase();
    await one.breach("handling.limit");
    expect(await one.types()).toEqual(["handoff.offered"]);
  });
});

test("two requests to cross and a breach create one hand-off", async () => {
  const one = await world.open(line);
  one.after(minutes(12));
  await one.cross();
  await one.cross();
  one.after(minutes(8));
  await one.breach("stall.busy");
  const { handoffs } = await one.published();
  expect(handoffs).toMatchObject([{ type: "handoff.offered", time: nine + 12 * 60_000, data: { reason: "by-hand" } }]);
});

test("an offer lapses without acceptance and the next step follows; after the last step, routing repeats calls of the last resort", async () => {
  const { one } = await openCrossedCase();
  for (let offer = 0; offer < 3; offer++) {
    one.after(90);
    await one.breach("vendor.acceptance", await one.offered());
  }
  const { handoffs, queue } = await one.published();
  expect(handoffs.map(({ type }) => type)).toEqual([
    "handoff.offered",
    "handoff.lapsed",
    "handoff.offered",
    "handoff.lapsed",
    "handoff.offered",
    "handoff.lapsed",
    "line.exhausted",
    "last-resort.called",
  ]);
  expect(
    handoffs
      .filter(({ type }) => type === "handoff.offered")
      .map(({ data }) => [(data as any).queue, (data as any).attempt]),
  ).toEqual([
    ["orchard.handheld", 0],
    ["orchard.tier2", 0],
    ["orchard.tier2", 1],
  ]);
  expect(queue.map(({ type }) => type)).toEqual(
    Array.from({ length: 3 }, () => ["queue.offered", "queue.ended"]).flat(),
  );
  expect(handoffs.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);

  for (let call = 1; call < 9; call++) {
    const { handoffs: before } = await one.published();
    await one.breach("last-resort", `handoff/${before.at(-1)?.sequence}`);
  }
  const calls = (await one.published()).handoffs.filter(({ type }) => type === "last-resort.called");
  expect(calls.map(({ data }) => (data as any).next)).toEqual([
    "PT1M",
    "PT2M",
    "PT4M",
    "PT8M",
    "PT16M",
    "PT32M",
    "PT1H",
    "PT1H",
    "PT1H",
  ]);
  // If the clock of an earlier call breaches, routing makes no new call.
  await one.breach("last-resort", "handoff/8");
  expect(await one.types()).toHaveLength(8 + 8);

  const listed = await northtel("GET", `/v1/cases/${one.id}/handoffs`);
  expect(listed.body).toMatchObject({
    lastResort: { calls: 9 },
    handoffs: [{ phase: "lapsed" }, { phase: "lapsed" }, { phase: "lapsed" }],
  });
  const taker = { engineer: { name: "Duty Manager", contact: "duty@northtel.example" }, person: "dm-1" };
  expect((await world.as("southtel")("POST", `/v1/cases/${one.id}/take`, taker)).status).toBe(404);
  expect((await northtel("POST", `/v1/cases/${one.id}/take`, taker)).status).toBe(200);
  expect(await northtel("POST", `/v1/cases/${one.id}/take`, taker)).toMatchObject({
    status: 409,
    body: { code: "illegal_transition" },
  });
  await one.breach("last-resort", "handoff/16");
  expect((await one.types()).at(-1)).toBe("handoff.taken");
});

describe("a claim", () => {
  test("only one of two concurrent desks gets the claim", async () => {
    const { handoffId } = await openCrossedCase();
    const both = await Promise.all(
      ["eng-1", "eng-2"].map((person) => orchard("POST", `${desk(handoffId)}/claim`, { person })),
    );
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)?.body).toMatchObject({
      code: "already_claimed",
      leaseUntil: "2026-03-07T14:21:30Z",
    });
  });

  test("another desk can claim after the lease has expired, and the old token is then invalid", async () => {
    const { one, handoffId, token } = await claimHandoff();
    const offered = await orchard("GET", `/v1/queues/orchard.handheld/handoffs?state=offered&timeline=${one.timeline}`);
    expect(offered.body.items).toEqual([]);
    one.after(91);
    expect((await orchard("POST", `${desk(handoffId)}/renew`, { token })).status).toBe(200); // no other desk has claimed the hand-off
    one.after(91);
    const second = await orchard("POST", `${desk(handoffId)}/claim`, { person: "eng-5" });
    expect(second).toMatchObject({ status: 200, body: { token: token + 1 } });
    for (const [step, body] of [
      ["renew", { token }],
      ["release", { token }],
      ["reject", { token, code: "no-capacity" }],
      ["accept", acceptance(token, 1)],
    ] as const) {
      expect(await orchard("POST", `${desk(handoffId)}/${step}`, body)).toMatchObject({
        status: 409,
        body: { code: "stale_token" },
      });
    }
  });

  test("a desk renews and releases its claim", async () => {
    const { one, handoffId, token } = await claimHandoff();
    one.after(60);
    const renewed = await orchard("POST", `${desk(handoffId)}/renew`, { token });
    expect(renewed).toMatchObject({ status: 200, body: { token, leaseUntil: "2026-03-07T14:22:30Z" } });
    expect((await orchard("GET", desk(handoffId))).body).toMatchObject({
      phase: "claimed",
      leaseUntil: "2026-03-07T14:22:30Z",
    });
    expect(await orchard("POST", `${desk(handoffId)}/release`, { token })).toMatchObject({
      status: 200,
      body: { phase: "offered" },
    });
    expect((await orchard("GET", desk(handoffId))).body).toMatchObject({ phase: "offered" });
    const types = ["handoff.offered", "handoff.claimed", "handoff.renewed", "handoff.released"];
    expect(await one.types()).toEqual(types);
  });

  test("a claim with an expired lease is shown as an offer in the queue and in the list of the case", async () => {
    const one = await world.open(line, { timeline: "wall", at: Date.now() });
    await one.cross();
    const handoffId = await one.offered();
    await orchard("POST", `${desk(handoffId)}/claim`, { person: "eng-4" });
    const phases = async (): Promise<string[]> => {
      const [queue, ofCase] = [orchard("GET", desk(handoffId)), northtel("GET", `/v1/cases/${one.id}/handoffs`)];
      return [(await queue).body.phase, (await ofCase).body.handoffs[0].phase];
    };
    expect(await phases()).toEqual(["claimed", "claimed"]);
    await world.database.query({
      text: "update handoff set lease_until = clock_timestamp() - interval '1 second' where handoff_id = $1",
      values: [handoffId],
    });
    expect(await phases()).toEqual(["offered", "offered"]);
  });

  test("a desk cannot accept a hand-off that it has not claimed", async () => {
    const { handoffId } = await openCrossedCase();
    const answer = await orchard("POST", `${desk(handoffId)}/accept`, acceptance(1, 1));
    expect(answer).toMatchObject({ status: 409, body: { code: "illegal_transition" } });
  });
});

describe("an acceptance", () => {
  test("an acceptance of an outdated brief is refused with the changes since that brief", async () => {
    const { one, handoffId, token, brief: read } = await claimHandoff();
    await one.note("it blinks now");
    const stale = await orchard("POST", `${desk(handoffId)}/accept`, acceptance(token, read.case.version));
    expect(stale).toMatchObject({
      status: 409,
      body: { code: "stale_version", version: read.case.version + 1, changedSince: ["note"] },
    });
    const fresh = await orchard("GET", desk(handoffId));
    expect(fresh.body.brief.notes).toMatchObject([{ text: "it blinks now" }]);
    const again = await orchard("POST", `${desk(handoffId)}/accept`, acceptance(token, fresh.body.brief.case.version));
    expect(again).toMatchObject({ status: 200, body: { phase: "accepted" } });
  });

  test("an acceptance with an ETA in the past is refused with the place `/eta`", async () => {
    const { handoffId, token, brief: read } = await claimHandoff();
    const late = await orchard("POST", `${desk(handoffId)}/accept`, acceptance(token, read.case.version, nine));
    expect(late).toMatchObject({ status: 400, body: { code: "invalid_request", fields: [{ at: "/eta" }] } });
  });

  test("an acceptance makes the vendor the holder, and the resolution makes the carrier the holder", async () => {
    const { one, handoffId, token } = await acceptHandoff();
    one.after(45);
    const resolved = await orchard("POST", `${desk(handoffId)}/resolve`, {
      token,
      person: "eng-4",
      fixCode: "memory-full",
    });
    expect(resolved).toMatchObject({ status: 200, body: { phase: "resolved", at: "2026-03-07T14:20:45Z" } });
    const { handoffs } = await one.published();
    expect(handoffs.map(({ type }) => type)).toEqual([
      "handoff.offered",
      "handoff.claimed",
      "handoff.accepted",
      "handoff.resolved",
    ]);
    expect(handoffs[2]).toMatchObject({
      data: {
        actor: { party: "orchard", person: "eng-4", automated: false },
        subject: { engineer: { name: "Ada Lovett" } },
        vendorCaseId: "OR-5501",
      },
    });
    const { body } = await northtel("GET", `/v1/cases/${one.id}/handoffs`);
    expect(body).toMatchObject({
      holder: "northtel",
      timesByHolder: { northtel: 20 * 60_000, orchard: 45_000 },
      handoffs: [
        {
          phase: "resolved",
          claimedAt: "2026-03-07T14:20:00Z",
          acceptedAt: "2026-03-07T14:20:00Z",
          endedAt: "2026-03-07T14:20:45Z",
          acceptance: { vendorCaseId: "OR-5501", subject: { engineer: { contact: "ada@orchard.example" } } },
          ending: { fixCode: "memory-full" },
        },
      ],
    });
  });

  test("an acceptance stays valid after a later claim, breach or rejection", async () => {
    const { one, handoffId, token } = await acceptHandoff();
    await one.breach("vendor.acceptance", handoffId);
    for (const [step, body] of [
      ["claim", {}],
      ["release", { token }],
      ["reject", { token, code: "duplicate" }],
    ] as const) {
      expect((await orchard("POST", `${desk(handoffId)}/${step}`, body)).status).toBe(409);
    }
    expect((await one.types()).at(-1)).toBe("handoff.accepted");
  });
});

test("after a rejection, routing takes the next line step at once", async () => {
  const { one, handoffId, token } = await claimHandoff();
  const answer = await orchard("POST", `${desk(handoffId)}/reject`, {
    token,
    code: "not-our-fault",
    note: "see the manual",
  });
  expect(answer).toMatchObject({ status: 200, body: { phase: "rejected" } });
  const { handoffs } = await one.published();
  expect(handoffs.slice(-2)).toMatchObject([
    { type: "handoff.rejected", data: { code: "not-our-fault" } },
    { type: "handoff.offered", data: { queue: "orchard.tier2", reason: "rejected" } },
  ]);
  const over = await orchard("GET", desk(handoffId));
  expect(over.body).toMatchObject({ phase: "rejected", endedAt: "2026-03-07T14:20:00Z" });
  expect(over.body.brief).toBeUndefined();
  expect(await orchard("POST", `${desk(handoffId)}/claim`)).toMatchObject({
    status: 409,
    body: { code: "illegal_transition" },
  });
});

describe("after the resolution", () => {
  async function resolved() {
    const { one, handoffId, token } = await acceptHandoff();
    await orchard("POST", `${desk(handoffId)}/resolve`, { token, fixCode: "memory-full" });
    const actor = { party: "orchard", automated: true };
    await one.publish("case.resolved", { actor, from: "inProgress", fixCode: "memory-full", handoffId });
    return { one, handoffId };
  }

  test("routing publishes the carrier's confirmation for the resolved hand-off", async () => {
    const { one, handoffId } = await resolved();
    await one.publish("case.confirmed", { actor: one.rep });
    await one.publish("case.closed", { actor: one.rep, from: "resolved", reason: "confirmed" });
    expect((await one.types()).at(-1)).toBe("handoff.confirmed");
    expect((await orchard("GET", desk(handoffId))).body).toMatchObject({ phase: "confirmed" });
  });

  test("a reopening of a resolved case restarts the line", async () => {
    const { one, handoffId } = await resolved();
    expect((await orchard("GET", desk(handoffId))).body.brief).toBeDefined();
    await one.publish("case.reopened", { actor: one.rep, from: "resolved", reason: "still broken" });
    await one.breach("stall.idle");
    expect((await one.types()).slice(-2)).toEqual(["handoff.reopened", "handoff.offered"]);
    const { body } = await northtel("GET", `/v1/cases/${one.id}/handoffs`);
    expect(body.handoffs).toMatchObject([{ phase: "reopened" }, { phase: "offered", queue: "orchard.handheld" }]);
  });
});

test.each(["offered", "claimed", "accepted"] as const)(
  "the closing of the case withdraws a hand-off that is %s",
  async (phase) => {
    const { one, handoffId } = await { offered: openCrossedCase, claimed: claimHandoff, accepted: acceptHandoff }[
      phase
    ]();
    await one.publish("case.closed", { actor: one.rep, from: "inProgress", reason: "by-carrier" });
    const { handoffs, queue } = await one.published();
    expect(handoffs.at(-1)).toMatchObject({ type: "handoff.withdrawn", data: { reason: "case-ended" } });
    expect(queue.at(-1)).toMatchObject({ type: "queue.ended", data: { handoffId, reason: "withdrawn" } });
    const list = await orchard("GET", `/v1/queues/orchard.handheld/handoffs?timeline=${one.timeline}`);
    expect(list.body).toEqual({ items: [] });
  },
);

describe("an overtaken firing", () => {
  const overtaken = (one: Case, firingId: string) =>
    one.publish(
      "clock.overtaken",
      {
        clock: "stall.busy",
        kind: "stall.busy",
        incarnation: "case/1",
        firingIds: [firingId],
        dueAt: "2026-03-07T14:20:00Z",
        happenedAt: "2026-03-07T14:19:59Z",
      },
      "crossline.clock.v1",
    );

  test("routing withdraws the offer of an overtaken firing, and the next breach takes the same line step", async () => {
    const one = await world.open(line);
    const firingId = await one.breach("stall.busy");
    await overtaken(one, firingId);
    expect((await one.published()).handoffs.at(-1)).toMatchObject({
      type: "handoff.withdrawn",
      data: { reason: "overtaken" },
    });
    await one.breach("stall.busy");
    expect((await one.published()).handoffs.at(-1)).toMatchObject({
      type: "handoff.offered",
      data: { step: 0, attempt: 0 },
    });
    expect((await northtel("GET", "/metrics")).body).toMatch(/crossline_routing_overtaken_total\{[^}]*\} [1-9]/);
  });

  test("an overtaken firing changes nothing after an acceptance", async () => {
    const { one } = await acceptHandoff();
    const { handoffs } = await one.published();
    await overtaken(one, (handoffs[0]?.data as { firingId?: string } | undefined)?.firingId ?? "");
    expect((await one.types()).at(-1)).toBe("handoff.accepted");
  });
});
