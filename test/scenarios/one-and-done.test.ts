import { type Cast, type OneAndDoneStory, playOneAndDone, prepareOneAndDone, retryWhileRefused } from "@crossline/cli";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import { createStoryLog } from "./story-log.ts";

/*
 * Story 2. A carrier trains its people so that one rep can help with any phone, and wants to know what the training changed. The
 * sentences about planted gaps are in test/reports/reports.test.ts and in reports.long.test.ts.
 */

let stage: Stage;
let cast: Cast;
let story: OneAndDoneStory;
beforeAll(async () => {
  stage = await openStage({ insight: true });
  const [carrier, vendor] = [await stage.party("northtel", "carrier"), await stage.party("orchard", "vendor")];
  const company = ({ client, party: name }: typeof carrier) => ({ client, name });
  cast = await retryWhileRefused(() => prepareOneAndDone(company(carrier), company(vendor)));
  story = await playOneAndDone(cast, createStoryLog("Story 2, one and done (Toronto time)"));
}, 120_000);
afterAll(() => stage?.close());

test("a case about a system for which no rep on duty is certified crosses to the vendor at once", () => {
  expect(story.untrained.offeredAt).toBe(story.untrained.startedAt);
});

test("a case crosses to a certified pool at once, and the case and the person show why", async () => {
  const { pool, startedAt, caseId } = story.trained;
  expect(pool).toMatchObject({ pool: "specialists", assignedAt: startedAt, missing: { person: "maya", level: 2 } });
  const { items } = await cast.carrier.get<{ items: { caseId: string }[] }>("/v1/skills/maya/missing");
  expect(items.map((item) => item.caseId)).toContain(caseId);
});

test("an expired certificate counts as none", () => {
  expect(story.expired).toMatchObject({ missing: { person: "tom", level: 2 } });
  expect(story.refused).toBe("409 not_certified");
});

test("a certified person who is already live with the customer is preferred to a transfer", () => {
  expect(story.preferred).toBeUndefined();
});

test("reports show resolution at first contact, contacts, transfers, and the times of the companies", () => {
  const { reports } = story;
  const shares = new Map(reports.firstContact.map(({ group, value, count }) => [group["channel"], { value, count }]));
  // Three calls: the first crossed to Orchard, and the pool solved the others. One visit to the store.
  expect(shares.get("phone")).toEqual({ value: 2 / 3, count: 3 });
  expect(shares.get("store")).toEqual({ value: 1, count: 1 });
  const ofPool = reports.ofPools.find(({ group }) => group["pool"] === "specialists");
  expect(ofPool).toMatchObject({ value: 1, count: 2 });
  expect(reports.transfers.map(({ value, count }) => ({ value, count }))).toEqual([{ value: 3 / 4, count: 4 }]);
  // Orchard held its case for one minute. Northtel held it for the minute before, and its other cases for 2 or 6 minutes.
  const held = new Map(reports.timeByHolder.map(({ group, value }) => [group["company"], value]));
  expect(held.get(cast.names.vendor)).toBe(60_000);
  expect(held.get(cast.names.carrier)).toBe(240_000);
  expect(reports.cureTimeGap.map(({ value, count }) => ({ value, count }))).toEqual([{ value: 0, count: 1 }]);
});

test("each report has its values by system, model, channel and pool, and before and after the training", async () => {
  const timeline = `timeline=${story.timeline}`;
  type Rows = { items: { group: Record<string, string | null>; value: number; count: number }[] };
  const read = async (indicator: string): Promise<string[]> => {
    const { items } = await cast.carrier.get<Rows>(`/v1/reports/${indicator}?by=os,model,channel,pool&${timeline}`);
    const nameOf = (group: (typeof items)[number]["group"]): string =>
      ["os", "model", "channel", "pool", ...("company" in group ? ["company"] : [])]
        .map((name) => group[name] ?? "-")
        .join(" ");
    return items.map(({ group, value, count }) => `${nameOf(group)}: ${value} of ${count}`).toSorted();
  };
  const { carrier, vendor } = cast.names;
  // The first case crossed to Orchard. The specialists solved two cases. A certified person solved the last case in the store.
  const [crossed, ofPool, inStore] = [
    "PocketOS Handheld 8700 phone -",
    "PocketOS Handheld 8700 phone specialists",
    "PocketOS Handheld 8700 store -",
  ];
  expect({
    contacts: await read("contacts-per-case"),
    resolution: await read("first-contact-resolution"),
    transfers: await read("transfers-per-case"),
    held: await read("time-by-holder"),
    gap: await read("cure-time-gap"),
  }).toEqual({
    contacts: [`${crossed}: 1 of 1`, `${ofPool}: 1 of 2`, `${inStore}: 1 of 1`],
    resolution: [`${crossed}: 0 of 1`, `${ofPool}: 1 of 2`, `${inStore}: 1 of 1`],
    transfers: [`${crossed}: 1 of 1`, `${ofPool}: 1 of 2`, `${inStore}: 0 of 1`],
    held: [
      `${crossed} ${carrier}: 60000 of 1`,
      `${crossed} ${vendor}: 60000 of 1`,
      `${ofPool} ${carrier}: 360000 of 2`,
      `${inStore} ${carrier}: 120000 of 1`,
    ],
    gap: [`${crossed}: 0 of 1`],
  });
  const sidesOf = async (indicator: string): Promise<number[]> => {
    const filter = indicator === "time-by-holder" ? `&company=${carrier}` : "";
    const path = `/v1/reports/${indicator}/before-after?date=2026-03-04T05:00:00Z&${timeline}${filter}`;
    const { before, after } = await cast.carrier.get<{ before: { count: number }; after: { count: number } }>(path);
    return [before.count, after.count];
  };
  for (const indicator of ["contacts-per-case", "first-contact-resolution", "transfers-per-case", "time-by-holder"])
    expect({ indicator, sides: await sidesOf(indicator) }).toEqual({ indicator, sides: [1, 3] });
  expect(await sidesOf("cure-time-gap")).toEqual([1, 0]);
});

test("four cases are too few to compare the times before and after the training, or to find training debt", () => {
  const { training, debt, outcomes } = story.reports;
  expect(training.result.state).toBe("not-enough-cases");
  expect(debt).toMatchObject({ state: "not-enough-cases", items: [] });
  expect(outcomes.map(({ model, channel, cases }) => ({ model, channel, cases }))).toEqual([
    { model: "Handheld 8700", channel: "phone", cases: 3 },
    { model: "Handheld 8700", channel: "store", cases: 1 },
  ]);
});

test("the vendor reads no person and no pool of the carrier", async () => {
  const views = await Promise.all(
    ["", "/handoffs", "/clocks"].map((path) => cast.vendor.get(`/v1/cases/${story.untrained.caseId}${path}`)),
  );
  for (const view of views) {
    expect(JSON.stringify(view)).not.toContain("maya");
    expect(JSON.stringify(view)).not.toContain("specialists");
  }
  await expect(cast.vendor.get(`/v1/cases/${story.trained.caseId}`)).rejects.toMatchObject({ status: 404 });
});
