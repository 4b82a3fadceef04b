import type { JournalPage, LineDocument } from "@crossline/contracts";
import type { ClockExplanation } from "@crossline/domain";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import { type CaseResponse, type Story, instant } from "./story.ts";

/*
 * Three customers have the same problem within ten minutes. Only the first case crosses, for all three. The members stay with the carrier
 * and count no silence, until one of them leaves and the fix of the lead case resolves the other. Real services run on a stepped timeline.
 */

vi.setConfig({ testTimeout: 120_000 });
const patient = { timeoutMs: 20_000 };
const line = (vendor: string): LineDocument => ({
  line: "mass",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "stall.idle", target: "PT2H", warnAt: [] },
    { kind: "resolution", target: "PT10H", warnAt: [] },
    { kind: "information", target: "PT8H", warnAt: [] },
  ],
  incidents: { cases: 3, within: "PT1H" },
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "ticket", acceptWithin: "PT4H", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
});

let stage: Stage;
let story: Story;
const cases = { lead: "", member: "", leaver: "" };
let incidentId = "";
let handoffId = "";

beforeAll(async () => {
  stage = await openStage({ console: true });
  story = await stage.story(line);
  for (const [name, time] of [
    ["lead", "09:05"],
    ["member", "09:10"],
    ["leaver", "09:11"],
  ] as const) {
    await story.open({ call: false, channel: "mail", subject: { name: "A. Customer" } });
    cases[name] = story.caseId;
    await story.advance(time);
  }
});
afterAll(() => stage?.close());

const read = (id: string) =>
  story.cast.carrier.get<CaseResponse & { incident?: { id: string; role: string } }>(`/v1/cases/${id}`);
const offersOf = async (id: string) =>
  (await story.cast.carrier.get<{ handoffs: { offeredAt: string }[] }>(`/v1/cases/${id}/handoffs`)).handoffs;

/** Returns the running clocks of a case: its name, charged company and deadline. */
async function clocksOf(id: string): Promise<Record<string, readonly [charged: string, dueAt: string | undefined]>> {
  const { clocks } = await story.cast.carrier.get<{ clocks: ClockExplanation[] }>(`/v1/cases/${id}/clocks`);
  return Object.fromEntries(
    clocks
      .filter(({ endedAt }) => endedAt === undefined)
      .map(({ clock, charged, thresholds }) => [clock, [charged, thresholds.at(-1)?.dueAt]]),
  );
}
const utc = (time: string): string => Temporal.Instant.from(instant(time)).toString();

test("only the lead case crosses, and its brief has the size of the incident", async () => {
  const parts = await Promise.all(Object.values(cases).map(async (id) => (await read(id)).incident));
  expect(parts.map((part) => part?.role)).toEqual(["lead", "member", "member"]);
  incidentId = parts[0]?.id ?? "";
  expect(await offersOf(cases.lead)).toHaveLength(1);
  const [offer] = await story.queue("handheld");
  expect(offer?.caseId).toBe(cases.lead);
  expect(offer?.brief.incident).toEqual({
    id: incidentId,
    cases: 3,
    firstOpenedAt: utc("09:00"),
    lastOpenedAt: utc("09:10"),
  });
  expect(JSON.stringify(offer)).not.toMatch(new RegExp(`${cases.member}|${cases.leaver}`));
});

test("a member has no clock of the holder's silence; `information` charges the holder of the lead case", async () => {
  const { carrierName, vendorName } = story.cast;
  const joinedAt = utc("17:10");
  expect(await clocksOf(cases.member)).toEqual({
    resolution: [carrierName, utc("19:05")],
    information: [carrierName, joinedAt],
  });
  await story.advance("09:20");
  const [offer] = await story.queue("handheld");
  handoffId = offer?.handoffId ?? "";
  await story.accept("handheld", handoffId, await story.claim("handheld", handoffId));
  await story.advance("09:21");
  expect(await clocksOf(cases.member)).toMatchObject({ information: [vendorName, joinedAt] });
});

test("⚠ a member is silent for four hours, and does not cross", async () => {
  await story.advance("13:00");
  expect([await offersOf(cases.member), await offersOf(cases.leaver)]).toEqual([[], []]);
  const asOf = (await read(cases.member)).version;
  const crossing = story.cast.carrier.post(`/v1/cases/${cases.member}/crossings`, { asOf, person: "rep-17" });
  await expect(crossing).rejects.toMatchObject({ status: 409 });
});

test("a case that leaves crosses after its own two hours of silence, and its vendor reads nothing of the incident", async () => {
  await story.cast.carrier.post(`/v1/incidents/${incidentId}/leave`, {
    caseId: cases.leaver,
    reason: "another fault",
    person: "rep-17",
  });
  await story.advance("14:59:59");
  expect(await offersOf(cases.leaver)).toEqual([]);
  await story.advance("15:00:01");
  expect(await offersOf(cases.leaver)).toMatchObject([{ offeredAt: utc("15:00") }]);
  const journal = (reader: "carrier" | "vendor") =>
    waitFor(async () => {
      const page = await story.cast[reader].get<JournalPage>(`/v1/cases/${cases.leaver}/journal?limit=100`);
      return page.items.some(({ type }) => type === "handoff.offered") ? page.items : undefined;
    }, patient);
  const [own, vendors] = [await journal("carrier"), await journal("vendor")];
  expect(own.map(({ type }) => type)).toEqual(expect.arrayContaining(["incident.joined", "incident.left"]));
  expect(own.find(({ type }) => type === "incident.left")).toMatchObject({
    text: "The case left its incident (removed).",
  });
  expect(vendors.filter(({ type }) => type.startsWith("incident."))).toEqual([]);
  expect(JSON.stringify(vendors)).not.toMatch(new RegExp(`${incidentId}|${cases.lead}`));
});

test("the fix of the lead case resolves the member by an event of its own", async () => {
  const path = story.handoffPath("handheld", handoffId);
  await story.cast.vendor.post(`${path}/resolve`, { token: 1, person: "eng-4", fixCode: "reset" });
  await story.advance("15:10");
  expect(await read(cases.member)).toMatchObject({ status: "resolved", holder: story.cast.carrierName });
  const clocks = await clocksOf(cases.member);
  expect(Object.keys(clocks).toSorted()).toEqual(["confirmation", "resolution"]);
});
