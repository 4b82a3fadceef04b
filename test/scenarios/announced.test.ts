import { type Cast, playAnnounced, prepareAnnounced, retryWhileRefused } from "@crossline/cli";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import { createStoryLog } from "./story-log.ts";

/*
 * Story 4, second half. A company changes addresses in the night and announces the change only in the morning. Meanwhile the mobile
 * data of many customers fails.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

async function cast(): Promise<Cast> {
  const [carrier, vendor] = [await stage.party("northtel", "carrier"), await stage.party("orchard", "vendor")];
  const company = ({ client, party: name }: typeof carrier) => ({ client, name });
  return retryWhileRefused(() => prepareAnnounced(company(carrier), company(vendor)));
}

test("a change that was announced too late names its cases and its unconfirmed receipts, and its cases are one incident", async () => {
  const played = await cast();
  const story = await playAnnounced(played, createStoryLog("Story 4, announced (Toronto time)"));
  const [lead, ...members] = story.cases;
  // Three alike cases within two hours became one incident, and the fourth one joined it. Only the oldest case crossed.
  expect(story.incident).toEqual({ lead, members });
  expect(story.crossed).toEqual([lead]);
  // The change was announced six hours after its start. Crossline linked the cases that were opened before the announcement.
  expect(story.change).toEqual({ late: true, cases: 4, readable: 1, unconfirmed: [played.names.vendor] });
  expect(story.inBrief).toMatchObject([
    { title: "New addresses of the data gateway", startsAt: "2026-03-03T07:00:00Z" },
  ]);
  // One message reached each customer, and the fix of the lead case resolved each case by its own event.
  expect(story.messages).toEqual([1, 1, 1, 1]);
  expect(story.fixed).toEqual(["resolved", "resolved", "resolved", "resolved"]);
  expect(story.afterwards).toEqual(["resolved", "resolved", "reopened", "resolved"]);
});

test("another carrier and another vendor read neither the change nor the incident", async () => {
  const played = await cast();
  const { timeline, incident } = await playAnnounced(played, () => {});
  const strangers = [await stage.party("lumen", "carrier"), await stage.party("quill", "vendor")];
  for (const { client } of strangers)
    for (const path of [`/v1/changes?timeline=${timeline}`, `/v1/cases?timeline=${timeline}`])
      expect((await client.get<{ items: unknown[] }>(path)).items).toEqual([]);
  for (const client of [played.vendor, ...strangers.map((stranger) => stranger.client)])
    await expect(client.get(`/v1/cases/${incident.members[0]}`)).rejects.toMatchObject({ status: 404 });
});
