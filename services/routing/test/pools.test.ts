import { type LineRef, type ReceivedMessage, formatInstant } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fiveMinutesLater, openWithoutSkill, pocket, poolDocument, publishPool, startCall } from "./pool-world.ts";
import { type Ask, type Case, type World, startWorld } from "./world.ts";

let world: World;
let northtel: Ask;
let southtel: Ask;
let orchard: Ask;
let line: LineRef;

beforeAll(async () => {
  world = await startWorld();
  [northtel, southtel, orchard] = ["northtel", "southtel", "orchard"].map((party) => world.as(party)) as [
    Ask,
    Ask,
    Ask,
  ];
  const until = "2026-03-07T00:00:00Z";
  const people = [
    { person: "spec-1", skills: [pocket] },
    { person: "spec-2", skills: [pocket] },
    { person: "spec-off", skills: [pocket] },
    { person: "spec-old", skills: [{ ...pocket, until }] },
  ];
  await northtel("POST", "/v1/skills", { people });
  await publishPool(world, "ios", ["spec-1", "spec-2"]);
  await publishPool(world, "one", "spec-1");
  await publishPool(world, "old", "spec-old");
  line = await world.publish("northtel", poolDocument("pocket", "ios"));
});
afterAll(() => world.stop());

const queue = async (one: Case, pool = "ios") =>
  (await northtel("GET", `/v1/pools/${pool}/assignments?timeline=${one.timeline}`)).body.items;
const lastOf = async (one: Case, type: string): Promise<ReceivedMessage> => {
  const last = (await one.published()).handoffs.findLast((event) => event.type === type);
  if (last === undefined) throw new Error(`routing published no ${type}`);
  return last;
};
const assignmentOf = async (one: Case): Promise<string> =>
  ((await lastOf(one, "pool.assigned")).data as { assignmentId: string }).assignmentId;
const command = async (
  one: Case,
  name: string,
  body: unknown,
  { ask = northtel, pool = "ios" }: { readonly ask?: Ask; readonly pool?: string } = {},
) => ask("POST", `/v1/pools/${pool}/assignments/${await assignmentOf(one)}/${name}`, body);

describe("a pool's document", () => {
  test("a carrier sets, reads and lists its pools, and no other company reads them", async () => {
    const { body } = await northtel("GET", "/v1/pools/ios");
    expect(body).toMatchObject({ pool: "ios", document: { rosters: ["ios-0", "ios-1"] } });
    expect((await northtel("GET", "/v1/pools?limit=2")).body.items).toHaveLength(2);
    const { next } = (await northtel("GET", "/v1/pools?limit=2")).body;
    expect((await northtel("GET", `/v1/pools?limit=2&cursor=${next}`)).body.items).toMatchObject([{ pool: "one" }]);
    expect((await southtel("GET", "/v1/pools/ios")).status).toBe(404);
    expect((await southtel("GET", "/v1/pools")).body).toEqual({ items: [] });
    expect((await orchard("GET", "/v1/pools/ios")).status).toBe(403);
  });

  test("an unknown roster is refused with the nearest name", async () => {
    const answer = await northtel("PUT", "/v1/pools/new", { rosters: ["ios-0", "ois-1"] });
    expect(answer).toMatchObject({ status: 422, body: { code: "unknown_roster", fields: [{ at: "/rosters/1" }] } });
    expect(answer.body.fields[0].message).toContain("ios-1");
    expect((await northtel("PUT", "/v1/pools/new", { rosters: [] })).status).toBe(400);
  });

  test("a line with an unknown pool is refused with the nearest name, and a trigger without a target is warned about", async () => {
    const unknown = {
      ...poolDocument("other", "iso"),
      calendar: "24x7",
      clocks: [],
      lastResort: ["https://x.example/"],
    };
    const clocks = [{ kind: "stall.busy", target: "PT20M" }];
    const linted = await northtel("POST", "/v1/lines/lint", { ...unknown, clocks });
    expect(linted.body.faults).toEqual([
      { at: "/crossing/0/to", message: "northtel has no pool named iso; the nearest name is ios" },
    ]);
    const onlyRoster = { ...unknown, clocks, crossing: [{ to: "roster:northtel.ios-0" }] };
    expect((await northtel("POST", "/v1/lines/lint", onlyRoster)).body.warnings).toMatchObject([{ at: "/triggers/0" }]);
    const twice = {
      ...unknown,
      clocks,
      triggers: [
        { on: "skill.missing", level: 1 },
        { on: "skill.missing", level: 2 },
      ],
    };
    expect((await northtel("POST", "/v1/lines/lint", twice)).body.faults).toMatchObject([{ at: "/triggers/1" }]);
  });
});

describe("the trigger skill.missing", () => {
  test("a named person without the skill begins a handling: the case is in the pool's list with its brief and the reason", async () => {
    const one = await openWithoutSkill(world, line);
    expect(await one.types()).toEqual(["pool.assigned"]);
    const missing = { person: "rep-17", level: 2 };
    expect(await queue(one)).toMatchObject([
      {
        pool: "ios",
        caseId: one.id,
        phase: "assigned",
        reason: "trigger",
        cause: { trigger: "skill.missing", missing },
        assignedAt: formatInstant(fiveMinutesLater),
        acceptBy: formatInstant(fiveMinutesLater + 300_000),
        brief: { case: { id: one.id }, device: { os: "PocketOS 4.2" } },
      },
    ]);
    const own = await northtel("GET", `/v1/cases/${one.id}/handoffs`);
    expect(own.body).toMatchObject({
      holder: "northtel",
      handoffs: [],
      assignments: [{ phase: "assigned", cause: { missing } }],
    });
    expect((await northtel("GET", "/v1/skills/rep-17/missing?limit=1")).body.items).toMatchObject([
      { caseId: one.id, level: 2, to: "pool:ios", at: formatInstant(fiveMinutesLater) },
    ]);
    expect((await southtel("GET", "/v1/skills/rep-17/missing")).body.items).toEqual([]);
    expect((await southtel("GET", "/v1/skills/rep-17/missing?party=northtel")).status).toBe(404);
  });

  test("⚠ an expired certificate counts as none: the pool is empty, and the case crosses at once", async () => {
    const expired = await world.publish("northtel", poolDocument("expired", "old"));
    const one = await openWithoutSkill(world, expired);
    expect(await one.types()).toEqual(["pool.skipped", "handoff.offered"]);
    expect((await lastOf(one, "pool.skipped")).data).toMatchObject({ onDuty: 1, missing: { person: "rep-17" } });
    expect((await lastOf(one, "handoff.offered")).data).toMatchObject({ reason: "trigger", trigger: "skill.missing" });
    const other = await openWithoutSkill(world, line, "spec-old");
    expect(await other.types()).toEqual(["pool.assigned"]);
  });

  test("⚠ a certified person who is off duty is no member of the pool", async () => {
    const named = poolDocument("off-duty", "one");
    const offDuty = await world.publish("northtel", named);
    const one = await openWithoutSkill(world, offDuty);
    expect(await one.types()).toEqual(["pool.assigned"]);
    const window = { from: formatInstant(fiveMinutesLater - 600_000), to: formatInstant(fiveMinutesLater + 600_000) };
    const override = { ...window, person: null };
    expect((await northtel("POST", "/v1/rosters/one-0/overrides", override)).status).toBe(201);
    const empty = await openWithoutSkill(world, offDuty);
    expect(await empty.types()).toEqual(["pool.skipped", "handoff.offered"]);
    expect((await lastOf(empty, "pool.skipped")).data).toMatchObject({ onDuty: 0 });
  });

  test("⚠ a certified person who is live is preferred to a transfer, until that person hangs up", async () => {
    const device = { vendor: "orchard", os: "PocketOS 4.2" };
    const one = await world.open(line, { device });
    await startCall(one, "spec-1");
    await startCall(one, "rep-17");
    expect(await one.types()).toEqual([]);
    await one.publish("handling.ended", { actor: one.rep, handlingId: "hd_spec-1", channel: "phone" });
    expect(await one.types()).toEqual(["pool.assigned"]);
  });

  test("a person without the skill takes a paged case over REST, and the next step follows", async () => {
    const document = poolDocument("paged", "ios");
    const [pool] = document.crossing ?? [];
    const roster = { to: "roster:northtel.ios-0", mode: "ticket", acceptWithin: "PT5M", repeat: 1 } as const;
    const paged = await world.publish("northtel", { ...document, crossing: [roster, ...(pool ? [pool] : [])] });
    const one = await world.open(paged, { device: { vendor: "orchard", os: "PocketOS 4.2" } });
    await one.cross();
    expect(await one.types()).toEqual(["roster.paged"]);
    const engineer = { name: "Grace Hopper", contact: "grace@northtel.example" };
    await northtel("POST", `/v1/cases/${one.id}/take`, { person: "rep-17", engineer });
    expect((await one.types()).slice(1)).toEqual(["handoff.taken", "pool.assigned"]);
  });
});

describe("an assignment", () => {
  test("a certified person claims, renews and releases with tokens, and another member gets the case again", async () => {
    const one = await openWithoutSkill(world, line);
    const claimed = await command(one, "claim", { person: "spec-1" });
    expect(claimed).toMatchObject({ status: 200, body: { token: 1, brief: { case: { id: one.id } } } });
    expect(claimed.body.leaseUntil).toBe(formatInstant(fiveMinutesLater + 900_000));
    const again = await command(one, "claim", { person: "spec-1" });
    expect(again.body.token).toBe(2);
    expect(await command(one, "renew", { token: 1 })).toMatchObject({ status: 409, body: { code: "stale_token" } });
    one.after(60);
    expect((await command(one, "renew", { token: 2 })).body.leaseUntil).toBe(formatInstant(fiveMinutesLater + 960_000));
    expect(await queue(one)).toMatchObject([{ phase: "claimed", claimedBy: "spec-1" }]);
    expect(await command(one, "release", { token: 2, person: "spec-1" })).toMatchObject({ status: 200 });
    expect(await one.types()).toEqual([
      "pool.assigned",
      "pool.claimed",
      "pool.claimed",
      "pool.released",
      "pool.assigned",
    ]);
    const { assignments } = (await northtel("GET", `/v1/cases/${one.id}/handoffs`)).body;
    expect(assignments).toMatchObject([
      { phase: "released", endedReason: "by-person", claimedBy: "spec-1" },
      { phase: "assigned", reason: "released" },
    ]);
  });

  test("⚠ a person without the skill cannot claim, and the refusal names the missing skill", async () => {
    const one = await openWithoutSkill(world, line);
    const missing = { person: "rep-18", level: 2, os: "PocketOS 4.2", model: "Handheld 8700" };
    expect(await command(one, "claim", { person: "rep-18" })).toMatchObject({
      status: 409,
      body: { code: "not_certified", missing },
    });
    expect((await command(one, "claim", {})).status).toBe(400);
    expect((await command(one, "claim", { person: "spec-1" }, { ask: southtel })).status).toBe(404);
    expect((await command(one, "claim", { person: "spec-1" }, { ask: orchard })).status).toBe(403);
    expect((await command(one, "claim", { person: "spec-1" }, { pool: "one" })).status).toBe(404);
  });

  test("after the lease has expired another person claims, and the first token is stale", async () => {
    const one = await openWithoutSkill(world, line);
    await command(one, "claim", { person: "spec-1" });
    expect(await command(one, "claim", { person: "spec-2" })).toMatchObject({
      status: 409,
      body: { code: "already_claimed", claimedBy: "spec-1" },
    });
    one.after(901);
    expect((await command(one, "claim", { person: "spec-2" })).body.token).toBe(2);
    expect(await command(one, "release", { token: 1 })).toMatchObject({ body: { code: "stale_token" } });
  });

  test("only one of many concurrent claims gets the lease", async () => {
    const one = await openWithoutSkill(world, line);
    await assignmentOf(one);
    const people = ["spec-1", "spec-2", "spec-off", "spec-1", "spec-2", "spec-off"];
    const answers = await Promise.all(people.map((person) => command(one, "claim", { person })));
    const holders = new Set(answers.flatMap(({ status }, index) => (status === 200 ? [people[index]] : [])));
    expect(holders.size).toBe(1);
    expect(answers.filter(({ body }) => body.code === "already_claimed")).toHaveLength(4);
  });

  test("without a claim the assignment lapses, and the vendor gets the case", async () => {
    const one = await openWithoutSkill(world, line);
    const id = await assignmentOf(one);
    one.after(300);
    await one.breach("vendor.acceptance", id);
    expect(await one.types()).toEqual(["pool.assigned", "pool.lapsed", "handoff.offered"]);
    expect(await queue(one)).toEqual([]);
    expect(await command(one, "claim", { person: "spec-1" })).toMatchObject({
      status: 409,
      body: { code: "illegal_transition" },
    });
  });

  test("⚠ a stall breach ends the assignment, claimed or not, and the vendor gets the case at once", async () => {
    const open = await openWithoutSkill(world, line);
    await open.breach("stall.busy");
    expect(await open.types()).toEqual(["pool.assigned", "pool.lapsed", "handoff.offered"]);
    const claimed = await openWithoutSkill(world, line);
    await command(claimed, "claim", { person: "spec-1" });
    await claimed.breach("stall.busy");
    expect((await claimed.types()).slice(2)).toEqual(["pool.released", "handoff.offered"]);
    expect((await lastOf(claimed, "pool.released")).data).toMatchObject({ reason: "escalated" });
  });

  test("a resolution, a closing and a move end the assignment", async () => {
    const solved = await openWithoutSkill(world, line);
    await solved.publish("case.resolved", { actor: solved.rep, from: "inProgress" });
    expect((await lastOf(solved, "pool.released")).data).toMatchObject({ reason: "case-ended" });
    expect(await queue(solved)).toEqual([]);
    await solved.publish("case.reopened", { actor: solved.rep, from: "resolved", reason: "still dead" });
    expect((await solved.types()).slice(2)).toEqual(["pool.assigned"]);
    const plain = await world.publish("northtel", { line: "plain" });
    await solved.publish("case.moved", { actor: solved.rep, from: line, line: plain, reason: "wrong line" });
    expect((await solved.types()).slice(3)).toEqual(["pool.released"]);
    expect((await lastOf(solved, "pool.released")).data).toMatchObject({ reason: "line-moved" });
  });

  test("the list of a pool has result pages, the oldest assignment first", async () => {
    const timeline = `stp_${"0".repeat(25)}p`;
    const device = { vendor: "orchard", os: "PocketOS 4.2" };
    for (const id of ["rep-1", "rep-2", "rep-3"]) {
      const one = await world.open(line, { device, timeline });
      await startCall(one, id);
      await one.types();
    }
    const address = `/v1/pools/ios/assignments?timeline=${timeline}&limit=2`;
    const first = (await northtel("GET", address)).body;
    const rest = (await northtel("GET", `${address}&cursor=${first.next}`)).body;
    expect([first.items.length, rest.items.length, rest.next]).toEqual([2, 1, undefined]);
    expect((await northtel("GET", "/v1/pools/none/assignments")).status).toBe(404);
  });
});

test("⚠ the vendor never reads the carrier's person: not over REST, and not in a queue record", async () => {
  const expired = await world.publish("northtel", poolDocument("hidden", "old"));
  const one = await openWithoutSkill(world, expired, "rep-secret");
  const { queue: records } = await one.published();
  expect(records).toHaveLength(1);
  const handoffId = await one.offered();
  const answers = [
    records,
    (await orchard("GET", `/v1/cases/${one.id}/handoffs`)).body,
    (await orchard("GET", `/v1/queues/orchard.handheld/handoffs/${handoffId}`)).body,
    (await orchard("POST", `/v1/queues/orchard.handheld/handoffs/${handoffId}/claim`, {})).body,
  ];
  expect(answers[1]).toMatchObject({ handoffs: [{ reason: "trigger", cause: { trigger: "skill.missing" } }] });
  expect(JSON.stringify(answers)).not.toContain("rep-secret");
  const own = (await northtel("GET", `/v1/cases/${one.id}/handoffs`)).body;
  expect(own.handoffs).toMatchObject([{ cause: { missing: { person: "rep-secret", level: 2 } } }]);
  expect((await northtel("GET", "/v1/skills/rep-secret/missing")).body.items).toMatchObject([
    { to: "queue:orchard.handheld" },
  ]);
});
