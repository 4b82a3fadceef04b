import { ResponseFault } from "@crossline/cli";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handheld } from "./handheld-line.ts";
import { type Stage, openStage } from "./stage.ts";
import { clockTime, instant } from "./story.ts";

/*
 * Story 1. On a Saturday morning a customer's handheld fails. A rep keeps the customer on the phone for three hours. When the
 * call reaches the vendor, the fix takes 45 seconds. three-hour-call.long.test.ts has the long variations.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const busy = ["09:10:00 stall.busy 50", "09:15:00 stall.busy 75", "09:18:00 stall.busy 90", "09:20:00 stall.busy 100"];
const refusal = async (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof ResponseFault ? `${error.status} ${error.code}` : String(error)),
  );

test("after 20 minutes without progress the case crosses automatically, and the vendor solves it in 45 seconds", async () => {
  const story = await stage.story(handheld);
  await story.open();
  await story.talkUntil("09:05", 60);
  await story.write({ kind: "hypothesis", by: "customer", text: "out of memory?" });
  await story.talkUntil("09:20", 60);
  await story.advance("09:20:30");
  expect(await story.fired()).toEqual(busy);

  const [handoff, ...others] = await story.queue("handheld");
  expect(others).toEqual([]);
  expect(handoff?.caseId).toBe(story.caseId);
  const record = await waitFor(() => stage.received(story.cast.vendorName)[0]);
  expect(record).toMatchObject({
    caseId: story.caseId,
    type: "crossline.queue.offered.v1",
    data: {
      handoffId: handoff?.handoffId,
      mode: "live-assist",
      brief: {
        device: { model: "Handheld 8700" },
        symptom: "dead-device",
        hypotheses: [{ by: "customer", text: "out of memory?" }],
        tried: [],
        liveHandling: { minutes: 20 },
        subject: { phone: "+14165550100" },
      },
    },
  });

  const claim = await story.claim("handheld", handoff?.handoffId ?? "");
  await story.accept("handheld", handoff?.handoffId ?? "", claim);
  await story.advance("09:21:15");
  await story.cast.vendor.post(`${story.handoffPath("handheld", handoff?.handoffId ?? "")}/resolve`, {
    token: claim.token,
    fixCode: "memory-full",
  });
  await story.advance("09:21:15");
  const { status, holder, timesByHolder } = await story.read();
  const { carrierName, vendorName } = story.cast;
  expect({ status, holder, timesByHolder }).toEqual({
    status: "resolved",
    holder: carrierName,
    timesByHolder: { [carrierName]: 1_230_000, [vendorName]: 45_000 },
  });

  await story.cast.carrier.post(`${story.path}/confirm`, {});
  await story.advance("23:00");
  expect((await story.read()).status).toBe("closed");
  expect(await story.fired()).toEqual(busy);
});

test("a tried step with an outcome at 09:15 moves the breach to 09:35", async () => {
  const story = await stage.story(handheld);
  await story.open();
  await story.talkUntil("09:15");
  await story.write({ kind: "step-tried", step: { name: "remove-battery", outcome: "failed" } });
  await story.talkUntil("09:36");
  expect((await story.fired()).filter((fired) => fired.endsWith("100"))).toEqual(["09:35:00 stall.busy 100"]);
  const cause = { clock: "stall.busy", threshold: 100, dueAt: expect.stringContaining("14:35:00") as string };
  expect(await story.handoffs()).toMatchObject([
    { offeredAt: expect.stringContaining("14:35:00") as string, reason: "clock", cause },
  ]);
  const record = await waitFor(() => stage.received(story.cast.vendorName)[0]);
  expect(record.data).toMatchObject({
    brief: { tried: [{ step: { name: "remove-battery", outcome: "failed" } }], liveHandling: { minutes: 35 } },
  });
});

test("if the rep requests a crossing twice at 09:12, the case has one hand-off, and the breach at 09:20 adds no second hand-off", async () => {
  const story = await stage.story(handheld);
  await story.open();
  await story.talkUntil("09:12");
  const asOf = (await story.read()).version;
  const first = await story.cast.carrier.post<{ outcome: string }>(`${story.path}/crossings`, { asOf });
  const second = await story.cast.carrier.post<{ outcome: string }>(`${story.path}/crossings`, { asOf });
  expect([first.outcome, second.outcome]).toEqual(["requested", "already-requested"]);
  const [handoff] = await story.queue("handheld");
  const claim = await story.claim("handheld", handoff?.handoffId ?? "");
  await story.accept("handheld", handoff?.handoffId ?? "", claim);
  await story.talkUntil("09:30");
  expect((await story.handoffs()).map(({ offeredAt }) => clockTime(offeredAt))).toEqual(["09:12:00"]);
  expect(await story.fired()).toEqual(["09:10:00 stall.busy 50"]);
});

test("an unclaimed case takes the next step, then calls the last resort until a person takes it", async () => {
  const story = await stage.story(handheld);
  await story.open();
  await story.talkUntil("09:20");
  await story.advance("09:51:29");
  expect(
    (await story.handoffs()).map(({ queue, offeredAt }) => `${clockTime(offeredAt)} ${queue.split(".")[1]}`),
  ).toEqual(["09:20:00 handheld", "09:21:30 tier2"]);
  await story.advance("10:00");
  const calls = () => story.fired().then((fired) => fired.filter((one) => one.includes("last-resort")));
  // From 09:51:30 on no line step is left, and routing calls the last resort. Routing repeats the call after pauses of
  // 1, 2 and 4 minutes.
  expect(await calls()).toEqual(["09:52:30 last-resort 100", "09:54:30 last-resort 100", "09:58:30 last-resort 100"]);
  await story.cast.carrier.post(`${story.path}/take`, {
    engineer: { name: "B. Duty", contact: "+1 416 555 0199" },
    person: "duty-1",
  });
  await story.advance("11:30");
  expect(await calls()).toHaveLength(3);
  const { items } = await story.cast.carrier.get<{ items: { state: string; url: string }[] }>(
    `/v1/deliveries?case=${story.caseId}`,
  );
  // A stepped timeline sends no pages.
  expect(items.map(({ state }) => state)).toEqual(["recorded", "recorded", "recorded", "recorded"]);
});

test("a second carrier and a second vendor see neither the case nor the queue nor a count", async () => {
  const story = await stage.story(handheld);
  await story.open();
  await story.talkUntil("09:21");
  const { client: stranger } = await stage.party("lumen", "carrier");
  const { client: quill } = await stage.party("quill", "vendor");
  // Each 404 takes two seconds, because an event may still arrive, so all requests run at once.
  const isHidden = async (work: Promise<unknown>): Promise<void> => expect(await refusal(work)).toBe("404 not_found");
  for (const client of [stranger, quill]) {
    await Promise.all([
      ...["", "/clocks", "/handoffs", "/entries", "/contacts"].map((path) =>
        isHidden(client.get(`${story.path}${path}`)),
      ),
      isHidden(client.post(`${story.path}/entries`, { kind: "note", text: "hello" })),
      isHidden(client.get(`/v1/queues/${story.cast.vendorName}.handheld/handoffs`)),
      isHidden(client.get(`/v1/timelines/${story.timeline}`)),
    ]);
    const listed = client.get<{ items: unknown[] }>(`/v1/cases?timeline=${story.timeline}`);
    expect((await listed.catch(() => ({ items: [] }))).items).toEqual([]);
    expect(await client.get("/v1/deliveries")).toMatchObject({ items: [] });
    expect(await client.get("/v1/queues")).toEqual({ items: [] });
    expect(await client.get(`/v1/reports/promises?timeline=${story.timeline}`)).toEqual({ items: [] });
  }
  expect(await stranger.get(`/v1/reports/codes?timeline=${story.timeline}`)).toEqual({ items: [] });
  expect(await stranger.get(`/v1/problems?timeline=${story.timeline}`)).toMatchObject({ items: [] });
  const [handoff] = await story.queue("handheld");
  expect(await refusal(quill.post(`${story.handoffPath("handheld", handoff?.handoffId ?? "")}/claim`, {}))).toBe(
    "404 not_found",
  );
});

test("⚠ an open case keeps the version of its line when the line changes", async () => {
  const story = await stage.story(handheld);
  await story.open();
  await story.cast.carrier.post("/v1/lines/handheld-consumer/versions", {
    ...handheld(story.cast.vendorName),
    clocks: [{ kind: "stall.busy", target: "PT5M" }],
  });
  await story.talkUntil("09:12");
  expect(await story.fired()).toEqual(["09:10:00 stall.busy 50"]);
  expect(
    await refusal(story.cast.carrier.post(`/v1/timelines/${story.timeline}/advance`, { to: instant("09:00") })),
  ).toBe("409 too_early");
});
