import { type Client, Play, ResponseFault } from "@crossline/cli";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ContactResponse, castOf, contact, cross, crossAndAccept, openPlay, zone } from "./notebook.ts";
import { type Stage, openStage } from "./stage.ts";

/* Story 3: one history for all technicians. The contacts, the missing items and the tried steps of both companies are on one case. */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

/** The identities of one notebook, each in the spelling of another system. */
const device = { imei: "490154203237518", esn: "801236AB", msisdn: "+14165550120" };
const spellings = [{ imei: "49-015420-323751-8" }, { esn: "128.01193643" }, { msisdn: "0014165550120" }];

test("seven calls and six chats with both companies are thirteen contacts on one case, found by IMEI, ESN or MSISDN", async () => {
  const play = await openPlay(stage, { subject: device });
  const { carrier, vendor, names } = play.cast;
  const ofNorthtel = ["chat", "phone", "chat", "phone", "chat", "phone"];
  const ofQuill = ["phone", "chat", "phone", "chat", "phone", "chat"];
  const contactAt = async (client: Client, channels: readonly string[]): Promise<void> => {
    for (const [nth, channel] of channels.entries()) {
      const subject = spellings[nth % spellings.length];
      const response = await client.post<ContactResponse>("/v1/contacts", contact(play, { channel, subject }));
      expect(response).toMatchObject({ joined: true, case: { id: play.caseId } });
    }
  };
  await contactAt(carrier, ofNorthtel);
  // The third contact has crossed the case to Quill.
  const [offer] = await play.queue("broadband");
  const words = { vendorCaseId: "QU-1", nextStep: "look", eta: play.at("2026-03-05T12:00"), tried: "nothing" };
  await play.accept("broadband", offer?.handoffId ?? "", { name: "Noor", contact: "noor@quill.example" }, words);
  await vendor.get(play.path); // The read waits until intake has applied the acceptance. Before, a contact of Quill would wait.
  await contactAt(vendor, ofQuill);
  type Contacts = { items: { channel: string; author: { party: string } }[] };
  const { items } = await carrier.get<Contacts>(`${play.path}/contacts?limit=100`);
  const listed = items.map(({ channel, author }) => [channel, author.party]);
  expect(listed).toEqual([
    ...["phone", ...ofNorthtel].map((channel) => [channel, names.carrier]),
    ...ofQuill.map((channel) => [channel, names.vendor]),
  ]);
  expect(items.filter(({ channel }) => channel === "phone")).toHaveLength(7);
  expect(items.filter(({ channel }) => channel === "chat")).toHaveLength(6);
  expect(await carrier.get(play.path)).toMatchObject({ counts: { contacts: 13 } });
  expect(await vendor.get(`${play.path}/contacts?limit=100`)).toMatchObject({ items: { length: 13 } });
  const cases = await carrier.get<{ items: unknown[] }>(`/v1/cases?timeline=${play.timeline}`);
  expect(cases.items).toHaveLength(1);
});

test("from the opening, the case names each missing item and the company that owes it, and the offer carries them", async () => {
  const play = await openPlay(stage);
  const missing = [
    { item: "activation-code", from: "carrier" },
    { item: "msid", from: "carrier" },
    { item: "subject.esn", from: "customer" },
    { item: "provisioning-state", from: "carrier" },
  ];
  expect(await play.cast.carrier.get(play.path)).toMatchObject({ missing, completeness: 0 });
  await play.carrier("entries", { kind: "fact", fact: { name: "msid", value: "6471234567" } });
  await cross(play);
  const [offer] = await play.queue("broadband");
  expect(offer?.brief.owed).toEqual(missing.filter(({ item }) => item !== "msid"));
});

test("a step that was tried is refused with its person, time and outcome; it needs a reason, and the entry keeps the reason", async () => {
  const play = await openPlay(stage);
  const reinstall = { kind: "step-tried", step: { name: "reinstall-software", outcome: "failed" } };
  await play.until("11:00");
  await play.carrier("entries", { ...reinstall, person: "rep-17" });
  await play.until("12:00");
  await crossAndAccept(play);
  const refusal = await play.vendor("entries", reinstall).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ResponseFault);
  expect(refusal).toMatchObject({ status: 409, code: "step_already_tried" });
  expect((refusal as ResponseFault).detail).toContain(
    `reinstall-software was tried by rep-17 of ${play.cast.names.carrier} at 2026-03-02T16:00:00Z: failed`,
  );
  const other = { ...reinstall, step: { ...reinstall.step, parameters: { image: "factory" } } };
  await play.vendor("entries", other);
  await play.vendor("entries", { ...reinstall, again: "With the newest drivers" });
  type Entries = { items: { kind: string; repeats?: { reason: string } }[] };
  const { items } = await play.cast.carrier.get<Entries>(`${play.path}/entries?limit=100`);
  const tried = items.filter(({ kind }) => kind === "step-tried");
  expect(tried.map(({ repeats }) => repeats?.reason)).toEqual([undefined, undefined, "With the newest drivers"]);
});

test("the third contact within seven days takes the next line step; a third contact on day eight does not", async () => {
  const prepared = await castOf(stage);
  const { carrier, names } = prepared;
  await carrier.post("/v1/lines", {
    line: "patient",
    calendar: "24x7",
    clocks: [{ kind: "stall.idle", target: "P30D" }],
    triggers: [{ on: "contacts", count: 3, within: "P7D" }],
    crossing: [{ to: `queue:${names.vendor}.broadband`, acceptWithin: "PT4H" }],
    lastResort: [`roster:${names.carrier}.duty`],
  });
  const triggersOn = async (days: readonly string[]): Promise<unknown[]> => {
    const play = await Play.begin({ ...prepared, line: "patient" }, "2026-03-02T10:00", zone, () => {});
    for (const day of days) {
      await play.until(day);
      const { case: one } = await carrier.post<ContactResponse>("/v1/contacts", contact(play));
      play.caseId = one?.id ?? "";
    }
    type Handoffs = { handoffs: { offeredAt: string; reason: string; cause?: { trigger?: string } }[] };
    const { handoffs } = await carrier.get<Handoffs>(`${play.path}/handoffs`);
    return handoffs.map(({ offeredAt, reason, cause }) => ({ offeredAt, reason, trigger: cause?.trigger }));
  };
  expect(await triggersOn(["2026-03-02T10:00", "2026-03-05T10:00", "2026-03-08T10:00"])).toEqual([
    { offeredAt: "2026-03-08T14:00:00Z", reason: "trigger", trigger: "contacts" },
  ]);
  expect(await triggersOn(["2026-03-02T10:00", "2026-03-05T10:00", "2026-03-10T10:00"])).toEqual([]);
});
