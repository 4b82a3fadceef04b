import { type Instant, formatInstant, newId, parseInstant, topics } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertTasks } from "../src/store/tasks.ts";
import { type World, createWorld, opening, waitFor } from "./world.ts";

/* Announced changes: receipts, deadlines, links of cases, and the companies that read them. */

let world: World;
let southtel: World["northtel"];
beforeAll(async () => {
  world = await createWorld();
  southtel = await world.party("southtel", "carrier");
  await Promise.all(["northtel", "southtel", "lumen"].map((carrier) => world.line(carrier, "quiet")));
});
afterAll(() => world.stop());

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const start = parseInstant("2026-03-07T14:00:00Z");
const device = { vendor: "orchard", model: "Handheld 8700" };
const inMs = (ms: number): string => formatInstant(Date.now() + ms);
const announcement = (more: Record<string, unknown> = {}, affected: Record<string, unknown> = {}) => ({
  title: "New addresses of the mail gateway",
  description: "Devices with the old addresses cannot send mail.",
  startsAt: inMs(-hourMs),
  symptoms: ["no-mail"],
  affected: { companies: ["orchard", "southtel"], ...affected },
  person: "lead-2",
  ...more,
});

async function announce(
  more: Record<string, unknown> = {},
  affected: Record<string, unknown> = {},
  by = world.northtel,
) {
  const { status, body } = await by.post("/v1/changes", announcement(more, affected));
  expect([status, body.detail]).toEqual([201, undefined]);
  return body;
}
async function open(more: Record<string, unknown> = {}, by = world.northtel) {
  const { status, body } = await by.post("/v1/cases", opening({ line: "quiet", symptom: "no-mail", device, ...more }));
  expect([status, body.detail]).toEqual([201, undefined]);
  return body;
}
const confirm = (by: World["northtel"], id: string, more = {}) =>
  by.post(`/v1/changes/${id}/receipt`, { person: "eng-4", ...more });
const read = async (by: World["northtel"], path: string) => (await by.get(path)).body;
const linksOf = async (id: string, by = world.northtel) => (await read(by, `/v1/cases/${id}`)).linkedChanges ?? [];
const idsOf = (links: readonly { changeId: string }[]) => links.map(({ changeId }) => changeId);
const eventsOf = (id: string) => world.events.filter(({ key, topic }) => key === id && topic === topics.change);
const typesOf = (id: string) => eventsOf(id).map(({ type, data }) => [type, (data as { company?: string }).company]);
const byNewSymptom = () => `s-${newId("cs").slice(-10)}`;

async function timeline(): Promise<string> {
  return (await world.operator.post("/v1/timelines", { kind: "stepped", start: formatInstant(start) })).body.id;
}
const advance = (id: string, to: Instant) =>
  world.operator.post(`/v1/timelines/${id}/advance`, { to: formatInstant(to) });

describe("receipts", () => {
  test("the announcer reads the receipts of all companies, and each company reads its own receipt", async () => {
    const { id } = await announce({ startsAt: inMs(10 * dayMs) });
    expect((await confirm(world.orchard, id)).body.receipt).toMatchObject({ state: "confirmed", person: "eng-4" });
    const shown = await read(world.northtel, `/v1/changes/${id}`);
    expect(shown).toMatchObject({ late: false, receiptCounts: { confirmed: 1, awaited: 1, overdue: 0 }, cases: 0 });
    expect(shown.receipts).toMatchObject([
      { company: "orchard", state: "confirmed" },
      { company: "southtel", state: "awaited" },
    ]);
    const own = await read(southtel, `/v1/changes/${id}`);
    expect(own.receipt).toEqual({ state: "awaited" });
    expect(own).not.toHaveProperty("receipts");
    expect(own).not.toHaveProperty("receiptCounts");
  });

  test("⚠ an affected company reads nothing of another affected company, and a foreign company reads nothing", async () => {
    const { id } = await announce({ startsAt: inMs(10 * dayMs) });
    await confirm(world.orchard, id, { person: "secret-person" });
    const seen = JSON.stringify(
      await Promise.all(["", "/cases"].map((path) => southtel.get(`/v1/changes/${id}${path}`))),
    );
    expect(seen).not.toMatch(/orchard|secret-person/);
    const answers = [
      await world.lumen.get(`/v1/changes/${id}`),
      await world.lumen.get(`/v1/changes/${id}/cases`),
      await confirm(world.lumen, id),
      await world.lumen.post(`/v1/changes/${id}/withdraw`, { reason: "x" }),
      await world.lumen.get(`/v1/changes/${newId("ch")}`),
      await world.operator.get(`/v1/changes/${id}`),
    ];
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.detail}`))).toEqual(
      new Set(["404 You have no change with this id."]),
    );
    expect((await read(world.lumen, "/v1/changes")).items).toEqual([]);
  });

  test("⚠ nothing distinguishes a company that does not exist from a company that has not confirmed", async () => {
    const { id } = await announce({ startsAt: inMs(10 * dayMs) }, { companies: ["lumen", "no-such-company"] });
    const { receipts } = await read(world.northtel, `/v1/changes/${id}`);
    expect(receipts).toEqual([
      { company: "lumen", state: "awaited" },
      { company: "no-such-company", state: "awaited" },
    ]);
  });

  test("a repeated receipt has one event, and a receipt needs a person", async () => {
    const { id } = await announce({ startsAt: inMs(10 * dayMs) });
    await confirm(world.orchard, id);
    await confirm(world.orchard, id);
    expect((await world.orchard.post(`/v1/changes/${id}/receipt`, {})).status).toBe(400);
    expect((await confirm(world.northtel, id)).body.code).toBe("forbidden");
    await confirm(southtel, id);
    await waitFor(() => typesOf(id).length === 3);
    expect(typesOf(id)).toEqual([
      ["change.announced", undefined],
      ["change.confirmed", "orchard"],
      ["change.confirmed", "southtel"],
    ]);
  });

  test("on a stepped timeline, a company is reminded at half of the time and is overdue after the deadline", async () => {
    const on = await timeline();
    const startsAt = formatInstant(start + 10 * dayMs);
    const { id } = await announce({ timeline: on, startsAt, confirmBy: formatInstant(start + 4 * hourMs) });
    await advance(on, start + hourMs);
    await confirm(world.orchard, id);
    await advance(on, start + 5 * hourMs);
    const late = await confirm(southtel, id);
    expect(late.body.receipt).toMatchObject({ state: "confirmed", wasOverdue: true });
    await waitFor(() => typesOf(id).length === 5);
    expect(eventsOf(id).map(({ type, time, data }) => [type, time - start, (data as any).companies])).toEqual([
      ["change.announced", 0, ["northtel", "orchard", "southtel"]],
      ["change.confirmed", hourMs, ["northtel", "orchard"]],
      ["change.reminded", 2 * hourMs + 1, ["southtel"]],
      ["change.overdue", 4 * hourMs + 1, ["northtel", "southtel"]],
      ["change.confirmed", 5 * hourMs, ["northtel", "southtel"]],
    ]);
  });

  test("the list shows the newest change first, page by page, and can show only open receipts", async () => {
    const quill = await world.party("quill", "vendor");
    const made = [];
    for (const title of ["one", "two", "three"])
      made.push((await announce({ title, startsAt: inMs(10 * dayMs) }, { companies: ["quill"] })).id);
    await confirm(quill, made[1]);
    const first = await read(quill, "/v1/changes?limit=2");
    const rest = await read(quill, `/v1/changes?limit=2&cursor=${first.next}`);
    expect([...first.items, ...rest.items].map(({ id }: { id: string }) => id)).toEqual(made.toReversed());
    const isOpen = await read(quill, "/v1/changes?receipt=open");
    expect(isOpen.items.map(({ id }: { id: string }) => id)).toEqual([made[2], made[0]]);
    expect(rest).not.toHaveProperty("next");
  });

  test("a withdrawn change has no deadlines, and only its announcer withdraws it", async () => {
    const on = await timeline();
    const { id } = await announce({ timeline: on, startsAt: formatInstant(start + 10 * dayMs) });
    expect((await world.orchard.post(`/v1/changes/${id}/withdraw`, { reason: "x" })).body.code).toBe("forbidden");
    const withdrawn = await world.northtel.post(`/v1/changes/${id}/withdraw`, { reason: "The old addresses stay." });
    expect(withdrawn.body.withdrawn).toMatchObject({ reason: "The old addresses stay." });
    await advance(on, start + 3 * dayMs);
    await waitFor(() => typesOf(id).length > 1);
    expect(typesOf(id).map(([type]) => type)).toEqual(["change.announced", "change.withdrawn"]);
    expect((await confirm(southtel, id)).body.code).toBe("illegal_transition");
  });
});

describe("partners", () => {
  test("a vendor's partners are the carriers whose cases crossed to it, and no other company", async () => {
    const caseId = (await open({ symptom: byNewSymptom() })).id;
    const offered = {
      actor: { party: "northtel", automated: true },
      vendor: "orchard",
      queue: "orchard.handheld",
      mode: "ticket",
      reason: "by-hand",
      acceptBy: inMs(hourMs),
      step: 0,
      attempt: 0,
    };
    const handoffId = newId("ho");
    await world.publish({
      topic: topics.handoff,
      key: caseId,
      sequence: 1,
      type: "handoff.offered",
      time: Date.now(),
      timeline: "wall",
      data: { handoffId, ...offered },
    });
    await waitFor(async () => (await world.orchard.get(`/v1/cases/${caseId}`)).status === 200);
    const symptom = byNewSymptom();
    const byVendor = await announce({ symptoms: [symptom] }, { companies: "partners" }, world.orchard);
    const { receipts } = await read(world.orchard, `/v1/changes/${byVendor.id}`);
    expect(receipts.map(({ company }: { company: string }) => company)).toEqual(["northtel"]);
    const byCarrier = await announce({ symptoms: [symptom] }, { companies: "partners" });
    expect((await read(world.northtel, `/v1/changes/${byCarrier.id}`)).receipts).toEqual([
      { company: "orchard", state: "awaited" },
    ]);
    // The vendor's change affects only its own devices.
    const own = await open({ symptom });
    const foreign = await open({ symptom, device: { vendor: "quill" } });
    expect(new Set(idsOf(own.linkedChanges))).toEqual(new Set([byVendor.id, byCarrier.id]));
    expect(idsOf(foreign.linkedChanges)).toEqual([byCarrier.id]);
  });
});

describe("links", () => {
  test("a case of an affected carrier with a matching symptom is linked at its opening", async () => {
    const symptom = byNewSymptom();
    const { id } = await announce({ symptoms: [symptom] });
    const [own, theirs, foreign, other] = [
      await open({ symptom }),
      await open({ symptom }, southtel),
      await open({ symptom }, world.lumen),
      await open({ symptom: byNewSymptom() }),
    ];
    expect(own.linkedChanges).toMatchObject([{ changeId: id, by: "northtel", late: true }]);
    expect(idsOf(theirs.linkedChanges)).toEqual([id]);
    expect([foreign.linkedChanges, other.linkedChanges]).toEqual([undefined, undefined]);
    await waitFor(() => world.eventTypes(own.id).length > 1);
    expect(world.eventTypes(own.id)).toEqual(["case.opened", "change.linked"]);
  });

  test("the model and the list of devices narrow the affected cases", async () => {
    const symptom = byNewSymptom();
    const listed = { imei: "490154203237518" };
    const models = await announce({ symptoms: [symptom] }, { models: ["handheld 8700"] });
    const list = await announce({ symptoms: [symptom] }, { identities: [listed, { esn: "A0000000" }] });
    expect(list.affected).toEqual({ identities: 2 });
    const both = await open({ symptom, subject: { imei: "49 015420 323751 8" } });
    const byModel = await open({ symptom, subject: { imei: "356938035643809" } });
    const byList = await open({ symptom, device: { vendor: "orchard", model: "Other" }, subject: listed });
    expect(new Set(idsOf(both.linkedChanges))).toEqual(new Set([models.id, list.id]));
    expect([idsOf(byModel.linkedChanges), idsOf(byList.linkedChanges)]).toEqual([[models.id], [list.id]]);
  });

  test("a change of a country affects the cases of its parts, and no case without a region", async () => {
    const symptom = byNewSymptom();
    const { id, affected } = await announce({ symptoms: [symptom] }, { regions: ["CA"] });
    expect(affected).toEqual({ regions: ["CA"] });
    const inside = await open({ symptom, region: "CA-ON" });
    const outside = [await open({ symptom, region: "US-NY" }), await open({ symptom })];
    expect([inside.region, idsOf(inside.linkedChanges)]).toEqual(["CA-ON", [id]]);
    expect(outside.map(({ linkedChanges }) => linkedChanges)).toEqual([undefined, undefined]);
  });

  test("⚠ a change before its start and a change after its effect link no case", async () => {
    const symptom = byNewSymptom();
    await announce({ symptoms: [symptom], startsAt: inMs(hourMs) });
    await announce({ symptoms: [symptom], startsAt: inMs(-8 * dayMs) });
    const lasting = await announce({ symptoms: [symptom], startsAt: inMs(-8 * dayMs), endsAt: inMs(-dayMs) });
    expect(idsOf((await open({ symptom })).linkedChanges)).toEqual([lasting.id]);
  });

  test("a late announcement links the open cases since the start of the change, once each", async () => {
    const symptom = byNewSymptom();
    const [before, closed, foreign] = [
      await open({ symptom }),
      await open({ symptom }),
      await open({ symptom }, world.lumen),
    ];
    await world.northtel.post(`/v1/cases/${closed.id}/close`, { person: "rep-7" });
    const { id } = await announce({ symptoms: [symptom] });
    await waitFor(async () => (await linksOf(before.id)).length > 0);
    expect(idsOf(await linksOf(before.id))).toEqual([id]);
    expect([await linksOf(closed.id), await linksOf(foreign.id, world.lumen)]).toEqual([[], []]);
    // The process can die after the search and before it deletes the task, so the search can run again.
    const search = { does: "change", changeId: id, event: { is: "link-cases" } } as const;
    await world.database.transaction((tx) => insertTasks(tx, [{ timeline: "wall", subject: id, task: search }]));
    await waitFor(async () => (await tasksOf(id)) === 0);
    expect(world.eventTypes(before.id).filter((type) => type === "change.linked")).toHaveLength(1);
  });

  test("if the process dies before the deadlines, the next process decides each deadline once", async () => {
    const { id } = await announce({ startsAt: inMs(10 * dayMs) });
    await world.intake.stop();
    const task = (is: "remind" | "overdue") => ({ does: "change", changeId: id, event: { is } }) as const;
    const due = (is: "remind" | "overdue") => ({ timeline: "wall", subject: id, task: task(is) });
    await world.database.transaction((tx) => insertTasks(tx, [due("remind"), due("remind"), due("overdue")]));
    await world.restart();
    await waitFor(async () => (await tasksOf(id)) === 0);
    await world.database.transaction((tx) => insertTasks(tx, [due("overdue")]));
    await waitFor(async () => (await tasksOf(id)) === 0);
    await waitFor(() => typesOf(id).length === 5);
    expect(typesOf(id).map(([type]) => type)).toEqual([
      "change.announced",
      "change.reminded",
      "change.reminded",
      "change.overdue",
      "change.overdue",
    ]);
  });

  test("a correction of the symptom links the case, and a removed link stays removed", async () => {
    const symptom = byNewSymptom();
    const { id } = await announce({ symptoms: [symptom] });
    const { id: caseId } = await open({ symptom: byNewSymptom() });
    const correct = (more: object) =>
      world.northtel.post(`/v1/cases/${caseId}/corrections`, { reason: "asked again", person: "rep-7", ...more });
    expect(idsOf((await correct({ symptom })).body.linkedChanges)).toEqual([id]);
    const removal = { changeId: id, reason: "The SIM is broken.", person: "rep-7" };
    const unlinked = await world.northtel.post(`/v1/cases/${caseId}/unlink-change`, removal);
    expect([unlinked.status, unlinked.body.linkedChanges]).toEqual([200, undefined]);
    expect((await read(world.northtel, `/v1/changes/${id}`)).cases).toBe(0);
    expect(
      (await correct({ title: "Another title", device: { vendor: "orchard" } })).body.linkedChanges,
    ).toBeUndefined();
    const again = await world.northtel.post(`/v1/cases/${caseId}/link-change`, {
      ...removal,
      reason: "It was the change.",
    });
    expect(idsOf(again.body.linkedChanges)).toEqual([id]);
  });

  test("⚠ a case is linked only to a change that its carrier reads", async () => {
    const { id } = await announce({ symptoms: [] });
    const { id: caseId } = await open({}, world.lumen);
    const link = { changeId: id, reason: "It began that night.", person: "rep-1" };
    const refused = await world.lumen.post(`/v1/cases/${caseId}/link-change`, link);
    const unknown = await world.lumen.post(`/v1/cases/${caseId}/link-change`, { ...link, changeId: newId("ch") });
    expect([refused.status, refused.body.detail]).toEqual([404, unknown.body.detail]);
  });

  test("⚠ a change lists and counts only the cases that its reader may read", async () => {
    const symptom = byNewSymptom();
    const { id } = await announce({ symptoms: [symptom] });
    const own = [await open({ symptom }), await open({ symptom }), await open({ symptom })].map((one) => one.id);
    const theirs = await open({ symptom }, southtel);
    const listed = async (by: World["northtel"], query = "") => {
      const page = await read(by, `/v1/changes/${id}/cases${query}`);
      return [page.items.map((one: { caseId: string }) => one.caseId), page.next];
    };
    expect(await listed(southtel)).toEqual([[theirs.id], undefined]);
    expect(await listed(world.orchard)).toEqual([[], undefined]);
    const [first, next] = await listed(world.northtel, "?limit=2");
    const [rest] = await listed(world.northtel, `?limit=2&cursor=${next}`);
    expect([first.length, new Set([...first, ...rest])]).toEqual([2, new Set(own)]);
    const counts = await Promise.all(
      [world.northtel, southtel, world.orchard].map(async (by) => (await read(by, `/v1/changes/${id}`)).cases),
    );
    expect(counts).toEqual([3, 1, 0]);
  });
});

async function tasksOf(subject: string): Promise<number> {
  const [row] = await world.database.query<{ count: number }>({
    text: "select count(*) as count from task where subject = $1 and due_at is null",
    values: [subject],
  });
  return row?.count ?? 0;
}
