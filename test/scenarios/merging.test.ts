import { randomUUID } from "node:crypto";
import { newId } from "@crossline/contracts";
import { ResponseFault } from "@crossline/cli";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import type { CaseResponse, HandoffResponse, Story } from "./story.ts";

/*
 * A customer calls at nine and writes at half past nine, so the carrier opens two cases for one problem. The merge of
 * the two cases does not delay the obligation. The target case crosses at the instant at which the source case would
 * have crossed. Real services run on a stepped timeline, and once on the wall timeline.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const begin = (): Promise<Story> =>
  stage.story((vendor) => ({
    line: "two-of-one",
    mode: "cross",
    calendar: "24x7",
    clocks: [{ kind: "stall.idle", target: "PT2H", warnAt: [] }],
    crossing: [{ to: `queue:${vendor}.handheld`, mode: "ticket", acceptWithin: "PT30M", repeat: 1 }],
    lastResort: ["https://duty.northtel.example/"],
  }));

const statusOf = (error: unknown): unknown => (error instanceof ResponseFault ? error.status : error);

/** Opens the first case at nine with a tried step, and the second at half past nine. */
async function twoCases(story: Story): Promise<{ readonly first: string; readonly second: string }> {
  await story.open({ call: false, channel: "mail", subject: { imei: "490154203237518" } });
  const first = story.caseId;
  const step = { name: "other-charger", parameters: {}, outcome: "failed" };
  await story.write({ kind: "step-tried", audience: "partners", by: "party", step });
  await story.write({ kind: "note", audience: "internal", by: "party", text: "between us" });
  await story.advance("09:30");
  await story.open({ call: false, channel: "mail", needBy: "2026-03-09T12:00:00-05:00" });
  return { first, second: story.caseId };
}

test("the target case crosses when the source case would have crossed, and has the facts of both cases", async () => {
  const story = await begin();
  const { carrier } = story.cast;
  const { first, second } = await twoCases(story);
  await story.advance("10:00");
  const merge = { into: second, reason: "one fault", person: "rep-17" };
  const merged = await carrier.post<Record<string, unknown>>(`/v1/cases/${first}/merge`, merge);
  expect(merged).toMatchObject({ id: second, status: "acknowledged", merged: [first], counts: { contacts: 2 } });
  expect(await carrier.get(`/v1/cases/${first}`)).toMatchObject({ status: "closed", mergedInto: second });

  await story.advance("11:00:01");
  expect(await story.fired()).toEqual(["11:00:00 stall.idle 100"]);
  const [handoff] = await story.handoffs();
  expect(handoff).toMatchObject({ offeredAt: "2026-03-07T16:00:00Z" } satisfies Partial<HandoffResponse>);
  const [offer] = await story.cast.vendor
    .get<{ items: { brief: { tried: unknown[]; contacts: unknown; notes: unknown[] } }[] }>(
      `/v1/queues/${story.cast.vendorName}.handheld/handoffs?timeline=${story.timeline}`,
    )
    .then(({ items }) => items);
  expect(offer?.brief).toMatchObject({ tried: [{ step: { name: "other-charger" } }], contacts: { count: 2 } });
  expect(JSON.stringify(offer)).not.toContain("between us");
  // The first case has ended and does not cross.
  expect(await carrier.get(`/v1/cases/${first}/handoffs`)).toMatchObject({ handoffs: [] });
});

test("a contact about the device of the source case joins the target case", async () => {
  const story = await begin();
  const { carrier } = story.cast;
  const { first, second } = await twoCases(story);
  await carrier.post(`/v1/cases/${first}/merge`, { into: second, reason: "one fault" });
  const contact = {
    carrierCaseId: `NT-${randomUUID()}`,
    title: "still dead",
    channel: "chat",
    timeline: story.timeline,
  };
  const joined = await carrier.post("/v1/contacts", { ...contact, subject: { imei: "490154203237518" } });
  expect(joined).toMatchObject({ joined: true, case: { id: second } });
  const late = carrier.post(`/v1/cases/${first}/contacts`, { channel: "chat" });
  expect(await late.catch(statusOf)).toBe(409);
});

test("an impossible merge is refused, also a second time, and changes neither case", async () => {
  const story = await begin();
  const { carrier, vendor } = story.cast;
  const { first, second } = await twoCases(story);
  const path = `/v1/cases/${first}/merge`;
  const refused = (body: object) => carrier.post(path, { reason: "x", ...body }).catch(statusOf);
  expect(await refused({ into: first })).toBe(400);
  expect(await refused({ into: newId("cs") })).toBe(404);
  expect(await refused({ into: "NT-1" })).toBe(400);
  expect(await refused({})).toBe(400);
  expect(await vendor.post(path, { into: second, reason: "x" }).catch(statusOf)).toBe(404);
  expect(await carrier.get<CaseResponse>(`/v1/cases/${first}`)).toMatchObject({ status: "acknowledged" });
  expect(await carrier.get<CaseResponse>(`/v1/cases/${second}`)).toMatchObject({ version: 1 });
  await carrier.post(path, { into: second, reason: "one fault" });
  expect(await refused({ into: second })).toBe(409);
});

test("a case on the wall timeline can be merged while people work on it", async () => {
  const story = await begin();
  const { carrier, vendorName } = story.cast;
  const opening = { title: "dead", channel: "phone", line: "two-of-one", device: { vendor: vendorName } };
  const open = () =>
    carrier.post<CaseResponse>("/v1/cases", { carrierCaseId: `NT-${randomUUID()}`, ...opening, handling: {} });
  const [one, other] = [await open(), await open()];
  const writing = Array.from({ length: 10 }, (_, n) =>
    carrier
      .post(`/v1/cases/${one.id}/entries`, { kind: "note", audience: "partners", by: "party", text: `${n}` })
      .then(() => "written", statusOf),
  );
  const merged = await carrier.post(`/v1/cases/${one.id}/merge`, { into: other.id, reason: "one fault" });
  expect(merged).toMatchObject({ id: other.id, merged: [one.id] });
  // Entries before the merge are in both cases. The source case refused later entries.
  const responses = await Promise.all(writing);
  expect(responses.every((response) => response === "written" || response === 409)).toBe(true);
  const { counts } = await carrier.get<{ counts: { entries: number } }>(`/v1/cases/${one.id}`);
  expect(counts.entries).toBe(responses.filter((response) => response === "written").length);
});
