import { Play, playFourteenDays } from "@crossline/cli";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ContactResponse, castOf, contact, openPlay, zone } from "./notebook.ts";
import { type Stage, openStage } from "./stage.ts";
import { createStoryLog } from "./story-log.ts";

/*
 * Story 3. A carrier and a notebook maker needed fourteen days, seven calls and six chats for an activation code and an
 * MSID. Neither company provided the code or the MSID. With Crossline both companies work on one case from the first
 * call.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

test("both companies share one case with its missing items and tried steps, and there is no third return", async () => {
  const story = await playFourteenDays(await castOf(stage), createStoryLog("Story 3, fourteen days (Toronto time)"));
  expect(story.missing).toEqual(["activation-code", "msid", "provisioning-state"]);
  expect(story.refused).toEqual(["409 step_already_tried", "422 evidence_needed"]);
  expect(story.jointAt).toBe("2026-03-03T16:00:00Z"); // Day 2.
  expect(story.contacts).toBe(3);
  expect(story.channels).toEqual({ phone: 2, chat: 1 });
});

test("calls and chats with both companies about one device join one case", async () => {
  const play = await openPlay(stage);
  // The case has not crossed to Quill. The contact waits, and the response does not reveal whether there is a case.
  const early = await play.cast.vendor.post<ContactResponse>("/v1/contacts", contact(play, { channel: "chat" }));
  expect(early).toEqual({ joined: false, waiting: true });
  const again = await play.cast.carrier.post<ContactResponse>(
    "/v1/contacts",
    contact(play, { subject: { imei: "49-015420-323751-8" } }),
  );
  expect(again).toMatchObject({ joined: true, case: { id: play.caseId } });
  await play.until("11:00");
  await play.cast.carrier.post("/v1/contacts", contact(play, { channel: "chat" }));
  const [offer] = await play.queue("broadband");
  const words = { vendorCaseId: "QU-1", nextStep: "look", eta: play.at("2026-03-05T12:00"), tried: "nothing" };
  await play.accept("broadband", offer?.handoffId ?? "", { name: "Noor", contact: "noor@quill.example" }, words);
  await play.until("11:01");
  const { items } = await play.cast.carrier.get<{ items: { channel: string; author: { party: string } }[] }>(
    `${play.path}/contacts`,
  );
  expect(
    items.map(({ channel, author }) => `${channel} ${author.party === play.cast.names.carrier ? "Northtel" : "Quill"}`),
  ).toEqual(["phone Northtel", "phone Northtel", "chat Northtel", "chat Quill"]);
});

test("a contact with a mistyped device identity is refused", async () => {
  const play = await openPlay(stage);
  const wrong = contact(play, { subject: { imei: "490154203237519" } });
  expect(await play.refused(play.cast.carrier.post("/v1/contacts", wrong))).toBe("400 invalid_request");
});

test("⚠ the clock of a case that opens on Saturday continues on Monday", async () => {
  const play = await Play.begin(await castOf(stage), "2026-03-07T10:00", zone, () => {});
  const { case: one } = await play.cast.carrier.post<ContactResponse>("/v1/contacts", contact(play));
  play.caseId = one?.id ?? "";
  const { clocks } = await play.cast.carrier.get<{ clocks: { clock: string; thresholds: { dueAt?: string }[] }[] }>(
    `${play.path}/clocks`,
  );
  // The clock counts four open hours of Northtel's office: three on Saturday until one o'clock, and one on Monday from eight.
  expect(clocks.find(({ clock }) => clock === "stall.idle")?.thresholds.at(-1)?.dueAt).toBe("2026-03-09T13:00:00Z");
});

test("if three cases of one channel lack the same required item, the API lists one problem for that channel and item", async () => {
  const play = await Play.begin(await castOf(stage), "2026-03-02T10:00", zone, () => {});
  for (let number = 0; number < 4; number++) {
    const one = contact(play, { subject: { customerId: `C-${number}` } });
    await play.cast.carrier.post("/v1/cases", { ...one, carrierCaseId: `NT-${number}` });
  }
  const { items } = await play.cast.carrier.get<{ items: { item: string; channel: string; cases: number }[] }>(
    `/v1/problems?timeline=${play.timeline}`,
  );
  expect(items.map(({ item, channel, cases }) => `${channel} ${item} ${cases}`).toSorted()).toEqual([
    "phone activation-code 3",
    "phone msid 3",
    "phone provisioning-state 3",
    "phone subject.esn 3",
  ]);
});

test("the cancellation is assessed on day 14, and the letter on day 20 joins the same case", async () => {
  const play = await openPlay(stage);
  await play.carrier("crossings", { asOf: (await play.cast.carrier.get<{ version: number }>(play.path)).version });
  const [offer] = await play.queue("broadband");
  const words = { vendorCaseId: "QU-1", nextStep: "look", eta: play.at("2026-03-05T12:00"), tried: "nothing" };
  await play.accept("broadband", offer?.handoffId ?? "", { name: "Noor", contact: "noor@quill.example" }, words);
  await play.until("2026-03-16T10:00");
  await play.carrier("status", { status: "assessingCancellation" });
  const during = await play.cast.carrier.get<{ status: string }>(play.path);
  expect(during.status).toBe("assessingCancellation");
  await play.carrier("status", { status: "cancelled" });
  await play.until("2026-03-22T10:00");
  const letter = await play.cast.carrier.post<ContactResponse>("/v1/contacts", contact(play, { channel: "other" }));
  expect(letter).toMatchObject({ joined: true, case: { id: play.caseId, status: "cancelled" } });
});

test("the carrier's export has the shared chain and its internal chain", async () => {
  const play = await openPlay(stage);
  await play.carrier("entries", { kind: "note", audience: "internal", text: "difficult customer" });
  await play.carrier("entries", { kind: "note", text: "rebooted" });
  type Chain = { entries: object[]; head: string };
  const bundle = await play.cast.carrier.get<{ shared: Chain; internal: Chain }>(`${play.path}/dossier`);
  expect([bundle.shared.entries.length, bundle.internal.entries.length]).toEqual([1, 1]);
  const { dossier } = await play.cast.carrier.get<{ dossier: { head: string; internal: { head: string } } }>(play.path);
  expect([bundle.shared.head, bundle.internal.head]).toEqual([dossier.head, dossier.internal.head]);
});
