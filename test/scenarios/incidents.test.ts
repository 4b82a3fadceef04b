import type { LineDocument, PresentedCase, PresentedIncident } from "@crossline/contracts";
import type { ClockExplanation } from "@crossline/domain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runHere } from "./command-run.ts";
import { type Stage, openStage } from "./stage.ts";
import { type Story, clockTime } from "./story.ts";

/*
 * Story 4, second half. A mast fails, and every customer who calls is one more stranger. Alike cases become one incident, whose oldest
 * case crosses for all of them. The customers get one message, and the fix resolves each case by events of its own.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const mast = (vendor: string): LineDocument => ({
  line: "mass-faults",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "stall.idle", target: "PT2H", warnAt: [] },
    { kind: "first-response", target: "PT4H", warnAt: [] },
    { kind: "information", target: "PT8H", warnAt: [] },
  ],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "ticket", acceptWithin: "PT8H", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
  incidents: { cases: 4, within: "PT1H" },
});

/** Opens alike cases, one at each of these times. */
async function openAt(story: Story, ...times: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const time of times) {
    await story.advance(time);
    await story.open({ call: false, channel: "phone", symptom: "no-signal", subject: { customerId: `sub-${time}` } });
    ids.push(story.caseId);
  }
  return ids;
}

const read = ({ cast }: Story, id: string) => cast.carrier.get<PresentedCase>(`/v1/cases/${id}`);
const incidentOf = async (story: Story, id: string): Promise<PresentedIncident> =>
  story.cast.carrier.get(`/v1/incidents/${(await read(story, id)).incident?.id}`);
const command = ({ cast }: Story, id: string, path: string, body: object) =>
  cast.carrier.post<PresentedIncident>(`/v1/incidents/${id}/${path}`, { person: "rep-17", ...body });
const clocks = async ({ cast }: Story, id: string): Promise<ClockExplanation[]> =>
  (await cast.carrier.get<{ clocks: ClockExplanation[] }>(`/v1/cases/${id}/clocks`)).clocks;
const running = async (story: Story, id: string): Promise<string[]> =>
  (await clocks(story, id))
    .filter(({ state }) => state === "running")
    .map(({ clock, charged }) => `${clock} ${charged}`);
const breaches = async (story: Story, id: string): Promise<string[]> =>
  (await clocks(story, id)).flatMap(({ clock, thresholds }) =>
    thresholds.flatMap(({ percent, firedAt }) =>
      percent === 100 && firedAt !== undefined ? [`${clockTime(firedAt)} ${clock}`] : [],
    ),
  );
const offered = async (story: Story) => (await story.queue("handheld")).map(({ caseId }) => caseId);

/** Plays the vendor's acceptance of the lead. Returns the address of the hand-off and the token of the claim. */
async function accept(story: Story, lead: string) {
  const handoff = (await story.queue("handheld")).find(({ caseId }) => caseId === lead);
  const claim = await story.claim("handheld", handoff?.handoffId ?? "");
  await story.accept("handheld", handoff?.handoffId ?? "", claim);
  return { path: story.handoffPath("handheld", handoff?.handoffId ?? ""), token: claim.token };
}

describe("four alike cases in an hour", () => {
  let story: Story;
  let lead: string;
  let members: string[];
  let later: string;
  let incidentId: string;
  let held: Awaited<ReturnType<typeof accept>>;
  let before: PresentedCase[];
  beforeAll(async () => {
    story = await stage.story(mast);
    [lead = "", ...members] = await openAt(story, "09:00", "09:10", "09:20");
    before = await Promise.all([lead, ...members].map((id) => read(story, id)));
    members.push(...(await openAt(story, "09:30")));
    ({ id: incidentId } = await incidentOf(story, lead));
    [later = ""] = await openAt(story, "09:40");
  }, 60_000);

  test("become one incident: the oldest case crosses once, and the brief names the number of cases", async () => {
    expect(before.map((one) => one.incident)).toEqual([undefined, undefined, undefined]);
    expect(await offered(story)).toEqual([lead]);
    const [handoff] = await story.queue("handheld");
    expect(handoff?.brief.incident).toEqual({
      id: incidentId,
      cases: 5,
      firstOpenedAt: "2026-03-07T14:00:00Z",
      lastOpenedAt: "2026-03-07T14:40:00Z",
    });
    expect(await incidentOf(story, lead)).toMatchObject({
      leadCaseId: lead,
      cases: 5,
      reason: "4 alike cases were opened within 1 hour.",
      members: [...members, later].map((caseId) => ({ caseId })),
    });
  });

  test("the members stay with the carrier and rest: only `information` waits for the holder of the lead", async () => {
    const { carrierName, vendorName } = story.cast;
    for (const member of [...members, later]) {
      expect(await read(story, member)).toMatchObject({
        holder: carrierName,
        incident: { role: "member", leadCaseId: lead, holder: carrierName },
      });
      expect((await running(story, member)).toSorted()).toEqual([
        `first-response ${carrierName}`,
        `information ${carrierName}`,
      ]);
    }
    held = await accept(story, lead);
    const [member = ""] = members;
    expect((await running(story, member)).toSorted()).toEqual([
      `first-response ${carrierName}`,
      `information ${vendorName}`,
    ]);
    expect(await read(story, member)).toMatchObject({ incident: { holder: vendorName } });
  });

  test("the obligations to the customer do not rest, and no breach makes a member cross", async () => {
    await story.advance("14:00");
    const [member = ""] = members;
    expect(await breaches(story, member)).toEqual(["13:10:00 first-response"]);
    expect(await offered(story)).toEqual([lead]);
    expect(await read(story, member)).toMatchObject({ crossedTo: [], lastResortCalls: 0 });
    const { version: asOf } = await read(story, member);
    const crossing = story.cast.carrier.post(`/v1/cases/${member}/crossings`, { asOf });
    await expect(crossing).rejects.toMatchObject({ status: 409, code: "illegal_transition" });
  });

  test("all customers get one message, and a customer who calls later gets it from a program", async () => {
    const text = "A mast near you is down. We expect the repair by six.";
    const { messages } = await command(story, incidentId, "messages", { text, channel: "sms" });
    expect(messages).toMatchObject([{ state: "released", cases: 5 }]);
    const [late = ""] = await openAt(story, "14:10");
    const authors = [];
    for (const id of [lead, ...members, later, late]) {
      const { items } = await story.cast.carrier.get<{ items: { text: string; author: object }[] }>(
        `/v1/cases/${id}/messages`,
      );
      expect(items.map((one) => one.text)).toEqual([text]);
      authors.push(items[0]?.author);
    }
    const { carrierName: party } = story.cast;
    expect(authors.slice(0, 5)).toEqual(
      Array.from({ length: 5 }, () => ({ party, person: "rep-17", automated: false })),
    );
    expect(authors[5]).toEqual({ party, automated: true });
    await command(story, incidentId, "leave", { caseId: late, reason: "this customer lives in another town" });
  });

  test("a case that leaves with a reason has its clocks again, and crosses on its own", async () => {
    await command(story, incidentId, "leave", { caseId: later, reason: "another fault" });
    expect(await running(story, later)).toContain(`stall.idle ${story.cast.carrierName}`);
    await story.advance("16:11");
    expect(await breaches(story, later)).toContain("16:10:00 stall.idle");
    expect(await offered(story)).toContain(later);
    const { former } = await incidentOf(story, lead);
    expect(former).toMatchObject([{ cause: "removed" }, { caseId: later, cause: "removed", reason: "another fault" }]);
  });

  test("a case joins by hand with a reason, and its vendor reads nothing of it", async () => {
    const [other = ""] = await openAt(story, "16:20");
    await command(story, incidentId, "leave", { caseId: other, reason: "not sure" });
    await command(story, incidentId, "join", { caseId: other, reason: "the same mast after all" });
    expect(await read(story, other)).toMatchObject({ incident: { role: "member", id: incidentId } });
    members.push(other);
    for (const path of ["", "/messages", "/clocks", "/entries"])
      await expect(story.cast.vendor.get(`/v1/cases/${other}${path}`)).rejects.toMatchObject({ status: 404 });
    await expect(story.cast.vendor.get(`/v1/incidents/${incidentId}`)).rejects.toMatchObject({ status: 404 });
    await expect(story.cast.vendor.get("/v1/incidents")).rejects.toMatchObject({ status: 403 });
    const stranger = await stage.party("lumen", "carrier");
    await expect(stranger.client.get(`/v1/incidents/${incidentId}`)).rejects.toMatchObject({ status: 404 });
    const { items } = await stranger.client.get<{ items: unknown[] }>(`/v1/incidents?timeline=${story.timeline}`);
    expect(items).toEqual([]);
  });

  test("the fix of the lead resolves each member by its own events, and each customer confirms or reopens their own case", async () => {
    await story.advance("17:00");
    const { path, token } = held;
    await story.cast.vendor.post(`${path}/resolve`, {
      token,
      fixCode: "mast-repaired",
      rootCause: "a broken antenna",
      person: "eng-4",
    });
    for (const member of members)
      expect(await read(story, member)).toMatchObject({
        status: "resolved",
        fixCode: "mast-repaired",
        holder: story.cast.carrierName,
      });
    expect(await story.cast.carrier.get(`/v1/incidents/${incidentId}`)).toMatchObject({
      state: "ended",
      ended: { cause: "cured", fixCode: "mast-repaired" },
    });
    expect(await read(story, later)).not.toHaveProperty("fixCode");
    const [content, happy = "", unhappy = ""] = ["contacts", ...members];
    const says = (verdict: string) => ({ channel: "phone", direction: "inbound", content: verdict });
    await story.cast.carrier.post(`/v1/cases/${happy}/${content}`, says("works"));
    await story.cast.carrier.post(`/v1/cases/${unhappy}/${content}`, says("still-broken"));
    const statuses = [];
    for (const id of [lead, ...members]) statuses.push((await read(story, id)).status);
    expect(statuses).toEqual(["resolved", "closed", "reopened", "resolved", "resolved"]);
    expect(await running(story, unhappy)).toContain(`stall.idle ${story.cast.carrierName}`);
  });
});

test("after the maximum of `information`, a member leaves, its clocks start, and it crosses", async () => {
  const story = await stage.story(mast);
  const [lead = "", member = ""] = await openAt(story, "09:00", "09:10", "09:20", "09:30");
  await accept(story, lead);
  await story.advance("17:30:01");
  expect(await breaches(story, member)).toContain("17:30:00 information");
  expect(await read(story, member)).not.toHaveProperty("incident");
  expect(await running(story, member)).toContain(`stall.idle ${story.cast.carrierName}`);
  expect(await incidentOf(story, lead)).toMatchObject({
    state: "open",
    cases: 1,
    former: [{}, {}, { cause: "maximum" }],
  });
  await story.advance("19:31");
  expect(await offered(story)).toContain(member);
});

test("if the lead is cancelled, the members leave without a fix, and their clocks start", async () => {
  const story = await stage.story(mast);
  const [lead = "", member = ""] = await openAt(story, "09:00", "09:10", "09:20", "09:30");
  const { id } = await incidentOf(story, lead);
  await story.advance("10:00");
  await story.cast.carrier.post(`/v1/cases/${lead}/status`, { status: "cancelled", note: "the customer left" });
  expect(await read(story, member)).toMatchObject({ status: "acknowledged" });
  expect(await running(story, member)).toContain(`stall.idle ${story.cast.carrierName}`);
  expect(await story.cast.carrier.get(`/v1/incidents/${id}`)).toMatchObject({ ended: { cause: "lead-ended" } });
});

test("a rep lists, shows and changes an incident at the command line", async () => {
  const story = await stage.story(mast);
  const [lead = "", member = ""] = await openAt(story, "09:00", "09:10", "09:20", "09:30");
  const { id } = await incidentOf(story, lead);
  const settings = { CROSSLINE_KEY: story.cast.carrierKey, CROSSLINE_URL: stage.url, CROSSLINE_PERSON: "rep-17" };
  const run = (...args: string[]) => runHere(settings, "incident", ...args);
  const listed = await run("list", "--timeline", story.timeline);
  expect(listed).toMatchObject({ code: 0, err: "" });
  expect(listed.out).toMatch(new RegExp(`${id} +open +4 +northtel-`));
  expect(await run("leave", id, member, "--reason", "another fault")).toMatchObject({
    code: 0,
    out: `${id}: the incident is open and has 3 cases.\n`,
  });
  const shown = await run("show", id);
  expect(shown.out).toContain(`lead      ${lead}, held by northtel-`);
  expect(shown.out).toContain(": removed (another fault)");
  expect(await run("join", id, member, "--reason", "the same mast")).toMatchObject({ code: 0 });
  expect(await run("leave", id, lead, "--reason", "x")).toMatchObject({ code: 3, out: "" });
  expect((await run("end", id, "--reason", "different causes", "--json")).out).toContain('"cause": "by-carrier"');
  expect((await run("list", "--timeline", story.timeline, "--state", "open")).out).toBe("No incident matches.\n");
});
