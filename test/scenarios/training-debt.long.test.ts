import type { Brief, LineDocument } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import type { Story } from "./story.ts";

/*
 * Story 2: the reports about a training, over histories that real services played. One history has a training gap, the other history has
 * none. test/reports/reports.test.ts plays larger generated histories through insight alone.
 */

vi.setConfig({ testTimeout: 300_000 });

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ insight: true });
});
afterAll(() => stage?.close());

const line = (vendor: string): LineDocument => ({
  line: "handheld",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "P30D", warnAt: [] }],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "ticket", acceptWithin: "P10D", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
});

/** Cases with one symptom: the carrier holds each for about `heldMinutes`, and the vendor needs `fixMinutes`. */
type Group = { readonly symptom: string; readonly heldMinutes: number; readonly fixMinutes: number };
const usual: readonly Group[] = [
  { symptom: "no-signal", heldMinutes: 20, fixMinutes: 40 },
  { symptom: "no-sound", heldMinutes: 22, fixMinutes: 44 },
];
const gap: Group = { symptom: "memory-full", heldMinutes: 170, fixMinutes: 2 };
const groupSize = 20;
const trainedAt = "2026-03-08T05:00:00Z";

/** A case that the vendor accepts, and later resolves. */
type CasePlan = { readonly caseId: string; readonly acceptAt: number; readonly resolveAt: number; token: number };

/** Opens all cases at nine and crosses them by hand. The vendor accepts and resolves each case at its minute. */
async function playGroups(story: Story, groups: readonly Group[]): Promise<void> {
  const planned: CasePlan[] = [];
  for (const { symptom, heldMinutes, fixMinutes } of groups)
    await atOnce(groupSize, async (nth) => {
      const caseId = await open(story, symptom);
      // The cases of a group differ by up to two minutes, so that no median is the only value.
      const acceptAt = heldMinutes + (nth % 3);
      planned.push({ caseId, acceptAt, resolveAt: acceptAt + fixMinutes, token: 0 });
      await story.cast.carrier.post(`/v1/cases/${caseId}/crossings`, { asOf: 1 });
    });
  const offers = new Map((await queue(story)).map(({ caseId, ...offer }) => [caseId, offer]));
  const desk = (caseId: string): string => story.handoffPath("handheld", offers.get(caseId)?.handoffId ?? "");
  const minutes = new Set(planned.flatMap(({ acceptAt, resolveAt }) => [acceptAt, resolveAt]));
  for (const minute of [...minutes].toSorted((one, other) => one - other)) {
    await story.advance(
      `${String(9 + Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`,
    );
    const accepted = planned.filter(({ acceptAt }) => acceptAt === minute);
    await atOnce(accepted.length, async (nth) => {
      const one = accepted[nth] as CasePlan;
      const claim = await story.claim("handheld", offers.get(one.caseId)?.handoffId ?? "");
      one.token = claim.token;
      await story.accept("handheld", offers.get(one.caseId)?.handoffId ?? "", claim);
    });
    const resolved = planned.filter(({ resolveAt }) => resolveAt === minute);
    await atOnce(resolved.length, async (nth) => {
      const { caseId, token } = resolved[nth] as CasePlan;
      await story.cast.vendor.post(`${desk(caseId)}/resolve`, { token, fixCode: "memory-full" });
    });
  }
}

/** After the training, the reps solve the cases of the gap at the first contact. */
async function playTrained(story: Story): Promise<void> {
  await advanceTo(story, "2026-03-08T14:00:00Z");
  await atOnce(30, async () => {
    const caseId = await open(story, gap.symptom);
    await story.cast.carrier.post(`/v1/cases/${caseId}/status`, { status: "resolved", fixCode: "memory-full" });
    await story.cast.carrier.post(`/v1/cases/${caseId}/confirm`, {});
  });
}

async function open({ cast, timeline }: Story, symptom: string): Promise<string> {
  const { id } = await cast.carrier.post<{ id: string }>("/v1/cases", {
    carrierCaseId: `NT-${crypto.randomUUID()}`,
    timeline,
    line: "handheld",
    severity: "major",
    title: "Handheld has a fault",
    channel: "phone",
    device: { vendor: cast.vendorName, model: "Handheld 8700", os: "PocketOS 4.2" },
    symptom,
  });
  return id;
}

/** Returns all offers of the vendor's queue. */
async function queue({ cast, timeline }: Story) {
  type Offers = { items: { handoffId: string; caseId: string; brief: Brief }[]; next?: string };
  const offers: Offers["items"] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page: Offers = await cast.vendor.get(
      `/v1/queues/${cast.vendorName}.handheld/handoffs?timeline=${timeline}&limit=50${more}`,
    );
    offers.push(...page.items);
    cursor = page.next;
  }
  return offers;
}

/** Runs `work` for each number below `count`, eight at a time. */
async function atOnce(count: number, work: (nth: number) => Promise<void>): Promise<void> {
  for (let first = 0; first < count; first += 8)
    await Promise.all(Array.from({ length: Math.min(8, count - first) }, (_, nth) => work(first + nth)));
}

async function advanceTo({ cast, timeline }: Story, to: string): Promise<void> {
  await cast.carrier.post(`/v1/timelines/${timeline}/advance`, { to });
}

/** Reads a report after insight has read every event that was published before this call. */
async function report<T>({ cast, timeline }: Story, path: string): Promise<T> {
  const since = Date.now();
  type Read = { asOf: { readUntil?: string } };
  await waitFor(
    async () => {
      const { asOf } = await cast.carrier.get<Read>(`/v1/reports/contacts-per-case?timeline=${timeline}`);
      return Date.parse(asOf.readUntil ?? "") >= since;
    },
    { timeoutMs: 60_000, what: "insight has read all events" },
  );
  return cast.carrier.get<T>(`/v1/reports/${path}timeline=${timeline}`);
}

type Debt = {
  state: string;
  groups: number;
  items: { symptom: string; device: string; cases: number; waitedHours: number }[];
};
test("training debt finds exactly the planted gap, and the comparison shows what the training changed", async () => {
  const story = await stage.story(line);
  await playGroups(story, [...usual, gap]);
  await playTrained(story);
  // Three days after its resolution, a case that the customer has not confirmed closes automatically.
  await advanceTo(story, "2026-03-12T14:00:00Z");
  const debt = await report<Debt>(story, "training-debt?");
  expect(debt.items.map(({ symptom, device, cases }) => ({ symptom, device, cases }))).toEqual([
    { symptom: "memory-full", device: "Handheld 8700", cases: groupSize },
  ]);
  const date = encodeURIComponent(trainedAt);
  const comparison = await report<object>(story, `first-contact-resolution/before-after?date=${date}&os=PocketOS&`);
  expect(comparison).toMatchObject({
    before: { value: 0, count: 60 },
    after: { value: 1, count: 30 },
    result: { state: "compared", difference: 1 },
  });
});

test("without a gap, training debt compares the groups and names none", async () => {
  const story = await stage.story(line);
  await playGroups(story, usual);
  const debt = await report<Debt>(story, "training-debt?");
  expect(debt).toMatchObject({ state: "compared", groups: 2, items: [] });
});
