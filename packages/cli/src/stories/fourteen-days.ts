import { type Cast, Play, type PrintLine } from "./play.ts";

const zone = "America/Toronto";
const customer = { name: "B. Customer", phone: "+1 416 555 0120", imei: "490154203237518", esn: "801234AB" };
const technician = { name: "Noor Haddad", contact: "noor@quill.example" };
const evidence = {
  test: "Activation with the carrier's numbers, on a reference notebook",
  result: "The network refuses: MSID unknown",
  wouldChangeOurMind: "An activation code and an MSID from the carrier's provisioning",
};

/** The result of the story, which a test checks. */
export type FourteenDays = {
  readonly caseId: string;
  readonly timeline: string;
  readonly contacts: number;
  readonly channels: Readonly<Record<string, number>>;
  readonly missing: readonly string[];
  readonly refused: readonly string[];
  readonly jointAt: string;
  readonly accountable: string;
};

type ContactResponse = {
  readonly case: { readonly id: string; readonly missing?: readonly { readonly item: string }[] };
  readonly joined: boolean;
};
type CaseResponse = {
  readonly status: string;
  readonly accountable: string;
  readonly version: number;
  readonly counts: { readonly contacts: number };
  readonly joint?: { readonly since?: string };
};

/** Plays story 3, the fourteen days between two companies. With Crossline both companies work on one case. */
export async function playFourteenDays(cast: Cast, print: PrintLine): Promise<FourteenDays> {
  const play = await Play.begin(cast, "2026-03-02T10:00", zone, print);
  const refused: string[] = [];
  const opened = await contact(play, cast.carrier, "phone", "No broadband on a new notebook");
  play.caseId = opened.case.id;
  const missing = (opened.case.missing ?? []).map(({ item }) => item);
  play.say("a new notebook has no broadband: the customer calls Northtel");
  play.note(`the case names its missing items at once: ${missing.join(", ")}`);

  await play.until("2026-03-02T11:00");
  await play.carrier("entries", triedStep("reinstall-software", "failed"));
  play.say("a rep reinstalls the software: it does not help, and the rep records that");
  await play.until("2026-03-02T13:00");
  await contact(play, cast.carrier, "chat", "Still no broadband");
  await play.until("2026-03-02T15:00");
  await contact(play, cast.carrier, "phone", "Still no broadband");
  play.say("the third contact within seven days: the case crosses to Quill automatically");

  const first = await findOffer(play);
  const claim = await play.accept("broadband", first.handoffId, technician, acceptanceWords(play));
  play.note(
    `Quill reads the tried steps and the missing items: ${(first.brief.owed ?? []).map(({ item, from }) => `${item} (${from})`).join(", ")}`,
  );
  refused.push(await play.refused(play.vendor("entries", triedStep("reinstall-software", "failed"))));
  play.say("Quill wants to reinstall the software again: refused, because the carrier did it before and it failed");

  await play.until("2026-03-02T17:00");
  const desk = (command: string, token: number, handoffId: string, body: object): Promise<unknown> =>
    play.desk("broadband", handoffId, command, { token, ...body });
  refused.push(
    await play.refused(desk("return", claim.token, first.handoffId, { code: "bad-data", note: "bad numbers" })),
  );
  play.say("Quill returns the case for “bad numbers”: refused, because a return needs evidence");
  await desk("return", claim.token, first.handoffId, { code: "bad-data", evidence });
  play.say("Quill adds the test and its result: this is the first return");

  await play.until("2026-03-03T09:30");
  const { version } = await cast.carrier.get<CaseResponse>(play.path);
  await play.carrier("crossings", { asOf: version, reason: "numbers checked, they are right" });
  const second = await findOffer(play);
  const again = await play.accept("broadband", second.handoffId, technician, acceptanceWords(play));
  await play.until("2026-03-03T11:00");
  await desk("return", again.token, second.handoffId, { code: "cannot-reproduce", evidence });
  const joint = await cast.carrier.get<CaseResponse>(play.path);
  const jointAt = play.now;
  play.say(
    `the second return, on day 2: the case is joint, ${joint.accountable} is accountable, and no company can return it`,
  );

  await play.carrier("joint/person", { engineer: { name: "R. Owner", contact: "owner@northtel.example" } });
  await play.vendor("joint/person", { engineer: technician });
  await play.until("2026-03-03T12:30");
  await play.carrier("joint/sessions", {
    outcome: "Online activation never showed the customer the activation code and the MSID.",
  });
  await play.carrier("entries", { kind: "fact", fact: { name: "activation-code", value: "A-4471" } });
  await play.carrier("entries", { kind: "fact", fact: { name: "msid", value: "6471234567" } });
  play.say("a joint session in the open hours of both: online activation never showed the code and the MSID");
  return {
    caseId: play.caseId,
    timeline: play.timeline,
    missing,
    refused,
    jointAt,
    accountable: joint.accountable,
    ...(await playEnd(play)),
  };
}

/** Plays the root cause, the fix, the reopening and the end. */
async function playEnd(play: Play): Promise<Pick<FourteenDays, "contacts" | "channels">> {
  const { cast } = play;
  const refusal = await play.refused(play.carrier("status", { status: "resolved", fixCode: "activation-code" }));
  play.say(`resolved? ${refusal}: a joint case needs its root cause first`);
  await play.carrier("status", {
    status: "resolved",
    fixCode: "activation-code",
    rootCause: "Online activation does not show the activation code and the MSID",
  });
  play.say("resolved with the root cause: the activation page is fixed, not only this notebook");
  await play.until("2026-03-04T10:00");
  await play.carrier("reopen", { code: "still-broken", reason: "It worked for an hour" });
  play.say("the customer reports that it is still broken: the case reopens with its clocks and its history");
  await play.until("2026-03-04T12:00");
  await play.carrier("status", {
    status: "resolved",
    fixCode: "msid-provisioned",
    rootCause: "The MSID was not provisioned in one of two registers",
  });
  await play.carrier("confirm");
  const { counts } = await cast.carrier.get<CaseResponse>(play.path);
  const { items } = await cast.carrier.get<{ items: { channel: string }[] }>(`${play.path}/contacts?limit=100`);
  const channels: Record<string, number> = {};
  for (const { channel } of items) channels[channel] = (channels[channel] ?? 0) + 1;
  play.say(`confirmed by the customer on day 3, after ${counts.contacts} contacts on one case instead of 13 on many`);
  return { contacts: counts.contacts, channels };
}

/** Records a contact between the customer and one company. */
function contact(play: Play, at: Cast["carrier"], channel: string, title: string): Promise<ContactResponse> {
  return at.post<ContactResponse>("/v1/contacts", {
    carrierCaseId: `NT-${crypto.randomUUID()}`,
    timeline: play.timeline,
    line: play.cast.line,
    kind: "broadband-activation",
    severity: "major",
    title,
    channel,
    symptom: "no-broadband",
    device: { vendor: play.cast.names.vendor, model: "Notebook Q4" },
    subject: customer,
  });
}

const triedStep = (name: string, outcome: string): object => ({ kind: "step-tried", step: { name, outcome } });

function acceptanceWords(play: Play) {
  return {
    vendorCaseId: "QU-118",
    nextStep: "Activate on a reference notebook",
    eta: play.at("2026-03-05T12:00"),
    tried: "reinstall-software: failed",
  };
}

async function findOffer(play: Play) {
  const [offer] = await play.queue("broadband");
  if (offer === undefined) throw new Error("no case was offered to Quill");
  return offer;
}
