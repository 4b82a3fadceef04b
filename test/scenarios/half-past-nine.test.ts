import { type Cast, listFirings, openKeys, listPages, retryWhileRefused, playKeys, prepareKeys } from "@crossline/cli";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import { createStoryLog } from "./story-log.ts";

/*
 * Story 5. At 19:46 a developer has used up the signing keys. The demo is at 09:30 the next morning, and the usual fix
 * takes 24 hours. In the true story, help came through people who knew each other. With Crossline, the kind of the case
 * is enough to bring the help.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

async function cast(): Promise<Cast> {
  const [carrier, vendor] = [await stage.party("northtel", "carrier"), await stage.party("orchard", "vendor")];
  const company = ({ client, party: name }: typeof carrier) => ({ client, name });
  return retryWhileRefused(() => prepareKeys(company(carrier), company(vendor)));
}

const silent = (): void => {};

test("if the usual fix cannot meet a need-by, the feasibility is red, routing pages people at once, and the vendor keeps its promise", async () => {
  const keys = await playKeys(await cast(), createStoryLog("Story 5, keys by half past nine (Toronto time)"));
  expect(keys.feasibility).toEqual({
    verdict: "red",
    latestSafeCrossing: "2006-10-31T14:30:00Z",
    spare: "-PT10H16M",
  });
  // A web request, a call and a mail about one problem are one case.
  expect(keys.joined).toEqual([false, true, true]);
  expect(keys.margin).toBe("PT2H15M"); // The keys arrive at 07:15 and are needed by 09:30.
  expect(keys.fired).toContain("2006-11-01T00:46:00Z need-by 100");
  expect(keys.fired.filter((one) => one.includes("promise"))).toEqual([]);
});

test("the emergency roster is paged at once, even in quiet hours", async () => {
  const { play } = await openKeys(await cast(), silent, "2006-10-31T23:30"); // The quiet hours of the emergency roster began at ten.
  await play.until("23:31");
  expect(await listPages(play)).toMatchObject([{ state: "recorded", to: "lena@emergency.example" }]);
});

test("a promise breaches at the end of its window, and the next people are paged", async () => {
  const { play } = await openKeys(await cast(), silent);
  await play.until("20:45");
  const { version } = await play.cast.carrier.get<{ version: number }>(play.path);
  await play.carrier("crossings", { asOf: version });
  const [offer] = await play.queue("signing");
  const engineer = { name: "Ivo Marsh", contact: "ivo@orchard.example" };
  const words = { vendorCaseId: "OR-7781", nextStep: "keys", eta: "2006-11-01T07:30:00-05:00", tried: "nothing" };
  await play.accept("signing", offer?.handoffId ?? "", engineer, words);
  const window = { from: "2006-11-01T07:00:00-05:00", until: "2006-11-01T07:30:00-05:00" };
  await play.vendor("promises", { text: "New keys", ...window });
  const before = (await listPages(play)).length;
  await play.until("2006-11-01T07:30:00");
  expect((await listFirings(play)).filter((one) => one.includes("promise"))).toEqual([]);
  await play.until("2006-11-01T07:31:00");
  expect(await listFirings(play)).toContain("2006-11-01T12:30:00Z promise 100");
  expect((await listPages(play)).length).toBeGreaterThan(before);
  const { promises } = await play.cast.carrier.get<{ promises: { state: string }[] }>(play.path);
  expect(promises).toMatchObject([{ state: "open" }]); // The promise is still owed.
});

test("the late delivery of a promise is marked as late, and the report shows how each company keeps its promises", async () => {
  const { play } = await openKeys(await cast(), silent);
  const { id } = await play.carrier<{ id: string }>("promises", { text: "a call", until: "2006-10-31T20:00:00-05:00" });
  await play.until("20:30");
  await play.carrier(`promises/${id}/delivered`, { evidence: "called at half past eight" });
  const { promises } = await play.cast.carrier.get<{ promises: { state: string }[] }>(play.path);
  expect(promises).toMatchObject([{ id, state: "late" }]);
  await play.carrier("promises", { text: "keys", until: "2006-10-31T21:00:00-05:00" });
  const { id: good } = await play.carrier<{ id: string }>("promises", {
    text: "mail",
    until: "2006-10-31T21:00:00-05:00",
  });
  await play.carrier(`promises/${good}/delivered`, { evidence: "sent" });
  await play.until("22:00");
  const report = await play.cast.carrier.get(`/v1/reports/promises?timeline=${play.timeline}`);
  const { carrier: promisor } = play.cast.names;
  expect(report).toEqual({
    items: [{ promisor, kept: 1, late: 1, broken: 1, open: 0, withdrawn: 0, keptRate: 33 }],
  });
  expect(await play.refused(play.carrier(`promises/${id}/delivered`, { evidence: "again" }))).toBe(
    "409 illegal_transition",
  );
});
