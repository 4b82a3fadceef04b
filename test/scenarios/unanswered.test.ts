import { type Cast, Play, playUnanswered, prepareUnanswered, retryWhileRefused } from "@crossline/cli";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import { createStoryLog } from "./story-log.ts";

/*
 * Story 4, first half. A would-be wholesale customer fills in a web form three times, mails twice, calls twice, and gets no
 * answer. When an answer comes, it blames the customer.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

async function cast(): Promise<Cast> {
  const [carrier, vendor] = [await stage.party("lumen", "carrier"), await stage.party("orchard", "vendor")];
  const company = ({ client, party: name }: typeof carrier) => ({ client, name });
  return retryWhileRefused(() => prepareUnanswered(company(carrier), company(vendor)));
}

test("seven attempts are one inquiry, its late answer names an owner, and the answer does not blame", async () => {
  const played = await cast();
  const story = await playUnanswered(played, createStoryLog("Story 4, unanswered (Amsterdam time)"));
  // Three forms, two mails and two calls by one identity are one case.
  expect(story.joined).toEqual([false, true, true, true, true, true, true]);
  expect(story.inquiry.attempts).toBe(7);
  // An automatic reply, a link to an article and a change of the status met nothing.
  expect(story.stillDue).toBe("2026-03-02T12:00:00Z");
  // The breach named an owner. Routing paged until a person took the inquiry.
  expect(story.paged.length).toBeGreaterThanOrEqual(2);
  expect(story.inquiry.owner).toMatchObject({ person: "sanne", by: "taken" });
  // The guard held the text that blames.
  expect(story.held.state).toBe("held");
  expect(story.held.marked.join(" ")).toContain("You people");
  expect(story.draft).toContain("We owed you a first answer by March 2, 2026 at 1:00 PM");
  // A sent message met the first response, and a bounce made it owed again.
  expect(story.owed).toEqual(["ended", "breached", "ended"]);
});

test("another carrier and a vendor without an offer see nothing of an inquiry", async () => {
  const played = await cast();
  const { caseId, timeline } = await playUnanswered(played, () => {});
  const stranger = await stage.party("northtel", "carrier");
  for (const client of [stranger.client, played.vendor])
    for (const path of ["", "/messages", "/messages/draft", "/contacts", "/clocks"])
      await expect(client.get(`/v1/cases/${caseId}${path}`)).rejects.toMatchObject({ status: 404 });
  const { items } = await stranger.client.get<{ items: unknown[] }>(`/v1/cases?timeline=${timeline}`);
  expect(items).toEqual([]);
});

test("a text with blame is held for a second person; its author can send it only with a reason, which the case keeps", async () => {
  const played = await cast();
  const play = await Play.begin(played, "2026-03-02T09:00", "Europe/Amsterdam", () => {});
  const opening = { carrierCaseId: "LE-9", kind: "inquiry", title: "Garbled calls", channel: "web" };
  const body = { ...opening, timeline: play.timeline, line: played.line, subject: { email: "rdw@reseller.example" } };
  const { case: opened } = await played.carrier.post<{ case: { id: string } }>("/v1/contacts", body);
  play.caseId = opened.id;
  const text = "You people never listen. You are the one who needs to fix something.";
  const { id, state } = await play.carrier<{ id: string; state: string }>("messages", {
    text,
    channel: "web",
    person: "joost",
  });
  expect(state).toBe("held");
  const report = play.carrier(`messages/${id}/sent`, { person: "joost" });
  expect(await play.refused(report)).toBe("409 illegal_transition");
  expect(await play.refused(play.carrier(`messages/${id}/release`, { person: "joost" }))).toBe("422 reason_needed");
  // No text has reached the customer, so the first response is still owed.
  await play.until("13:00:01");
  const clocksOf = async () =>
    (await played.carrier.get<{ clocks: { kind: string; state: string }[] }>(`${play.path}/clocks`)).clocks;
  expect((await clocksOf()).find(({ kind }) => kind === "first-response")?.state).toBe("breached");
  await play.carrier(`messages/${id}/release`, { person: "joost", reason: "The customer asked for plain words" });
  await play.carrier(`messages/${id}/sent`, { person: "joost" });
  expect(await played.carrier.get(`${play.path}/messages`)).toMatchObject({
    items: [
      {
        id,
        text,
        state: "sent",
        reason: "The customer asked for plain words",
        releasedBy: { person: "joost" },
        marks: [{ from: 0 }, {}],
      },
    ],
  });
  expect(await played.carrier.get(`${play.path}/contacts`)).toMatchObject({
    items: [{ direction: "inbound" }, { direction: "outbound", content: "answer" }],
  });
});
