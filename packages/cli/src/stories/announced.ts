import { type Cast, Play, type PrintLine } from "./play.ts";

const zone = "America/Toronto";
const engineer = { name: "Ada Lovett", contact: "ada@orchard.example" };
const symptom = "no-data";
const text =
  "Mobile data fails on many handhelds since this morning. Orchard works on it. We will write again when it works.";

/** The result of the story, which a test checks. */
export type AnnouncedStory = {
  readonly timeline: string;
  /** The cases in the order of their openings. The first one leads the incident. */
  readonly cases: readonly string[];
  readonly incident: { readonly lead: string; readonly members: readonly string[] };
  /**
   * The change after the deadline of its receipts. `cases` is the number of linked cases that its announcer reads, and `readable` the
   * number that the vendor reads.
   */
  readonly change: {
    readonly late: boolean;
    readonly cases: number;
    readonly readable: number;
    readonly unconfirmed: readonly string[];
  };
  /** The change in the brief of the lead case. */
  readonly inBrief: readonly { readonly title: string; readonly startsAt: string }[];
  /** The vendor's queue: the cases that crossed. */
  readonly crossed: readonly string[];
  /** The number of messages that each case's customer got. */
  readonly messages: readonly number[];
  /** The status of each case after the fix, and after one customer reported that it does not work. */
  readonly fixed: readonly string[];
  readonly afterwards: readonly string[];
};

type CaseResponse = { readonly id: string };
type Incident = {
  readonly id: string;
  readonly leadCaseId: string;
  readonly members: readonly { readonly caseId: string }[];
};
type Change = {
  readonly id: string;
  readonly late: boolean;
  readonly cases: number;
  readonly receipts: readonly { readonly company: string; readonly state: string }[];
};
type Offer = {
  readonly handoffId: string;
  readonly caseId: string;
  readonly brief: { readonly linkedChanges?: readonly { readonly title: string; readonly startsAt: string }[] };
};

/** Plays the second half of story 4: a change that was announced too late, and the incident that it caused. */
export async function playAnnounced(cast: Cast, print: PrintLine): Promise<AnnouncedStory> {
  const play = await Play.begin(cast, "2026-03-03T07:10", zone, print);
  const cases = [await openCase(play, "Mobile data fails")];
  play.say("mobile data fails on a customer's handheld: Northtel opens a case");
  await play.until("07:20");
  cases.push(await openCase(play, "No internet on the road"));
  await play.until("07:30");
  cases.push(await openCase(play, "Mails do not arrive"));
  play.say("the third alike case within two hours: Crossline opens one incident, and its oldest case crosses");
  await play.until("07:45");
  cases.push(await openCase(play, "Maps stay empty"));
  play.say("the fourth case joins the incident and does not cross");
  const offers = await readQueue(play);
  const incident = await readIncident(play);

  const changeId = await announce(play);
  const [offer] = await readQueue(play);
  await play.until("08:10");
  const words = { vendorCaseId: "OR-7", nextStep: "send the new addresses", eta: play.at("10:00"), tried: "nothing" };
  const { token } = await play.accept("handheld", offer?.handoffId ?? "", engineer, words);
  play.say("Ada Lovett of Orchard reads the change in the brief and accepts the oldest case");
  await play.until("08:15");
  await cast.carrier.post(`/v1/incidents/${incident.id}/messages`, { text, channel: "sms", person: "rep-2" });
  play.say("Northtel writes one message, and each of the four customers gets it");
  const messages = await Promise.all(cases.map((id) => countMessages(play, id)));
  const change = await collectReceipts(play, changeId);

  await play.until("10:00");
  await play.desk("handheld", offer?.handoffId ?? "", "resolve", { token, fixCode: "new-addresses" });
  const fixed = await Promise.all(cases.map((id) => readStatus(play, id)));
  play.say("Orchard sends the new addresses to the handhelds: all four cases are resolved, each by its own event");
  await play.until("11:00");
  await cast.carrier.post(`/v1/cases/${cases[2]}/contacts`, {
    channel: "phone",
    content: "still-broken",
    person: "rep-2",
  });
  const afterwards = await Promise.all(cases.map((id) => readStatus(play, id)));
  play.say("one customer still has no data: only this case is reopened");
  return {
    timeline: play.timeline,
    cases,
    incident: { lead: incident.leadCaseId, members: incident.members.map(({ caseId }) => caseId) },
    change,
    inBrief: offer?.brief.linkedChanges ?? [],
    crossed: offers.map(({ caseId }) => caseId),
    messages,
    fixed,
    afterwards,
  };
}

async function openCase(play: Play, title: string): Promise<string> {
  const { id } = await play.cast.carrier.post<CaseResponse>("/v1/cases", {
    carrierCaseId: `NT-${crypto.randomUUID()}`,
    timeline: play.timeline,
    line: play.cast.line,
    kind: "mobile-data",
    severity: "major",
    title,
    channel: "web",
    symptom,
    device: { vendor: play.cast.names.vendor, model: "Handheld 8700" },
  });
  return id;
}

/** Northtel announces a change that began in the night. Crossline links the cases that it may have caused. */
async function announce(play: Play): Promise<string> {
  await play.until("08:00");
  const { id } = await play.cast.carrier.post<Change>("/v1/changes", {
    timeline: play.timeline,
    title: "New addresses of the data gateway",
    description: "The gateway got new addresses. A handheld that does not know them has no mobile data.",
    mustDo: "Send the new addresses to your handhelds.",
    startsAt: play.at("02:00"),
    symptoms: [symptom],
    affected: { companies: [play.cast.names.vendor], models: ["Handheld 8700"] },
    person: "lead-2",
  });
  const { late, cases } = await play.cast.carrier.get<Change>(`/v1/changes/${id}`);
  play.say(`Northtel announces its change of 02:00${late ? ": it is marked as too late" : ""}`);
  play.note(`Crossline links ${cases} cases to the change, and the brief for Orchard names it`);
  return id;
}

/** Orchard confirms the change only after the deadline of the receipts, so it is on the list of those who have not confirmed. */
async function collectReceipts(play: Play, id: string): Promise<AnnouncedStory["change"]> {
  await play.until("09:01");
  const { late, cases, receipts } = await play.cast.carrier.get<Change>(`/v1/changes/${id}`);
  const unconfirmed = receipts.filter(({ state }) => state === "overdue").map(({ company }) => company);
  play.say(
    "Orchard got a reminder and has not confirmed the change: Northtel reads its name on the list",
    play.at("09:00"),
  );
  const { cases: readable } = await play.cast.vendor.get<Change>(`/v1/changes/${id}`);
  await play.cast.vendor.post(`/v1/changes/${id}/receipt`, { person: "eng-4" });
  play.say("Orchard confirms the change. It reads only the linked case that crossed to it");
  return { late, cases, readable, unconfirmed };
}

async function readQueue(play: Play): Promise<readonly Offer[]> {
  return (await play.queue("handheld")) as readonly Offer[];
}

async function readIncident(play: Play): Promise<Incident> {
  const { items } = await play.cast.carrier.get<{ items: readonly { readonly id: string }[] }>(
    `/v1/incidents?timeline=${play.timeline}`,
  );
  const [one] = items;
  if (one === undefined) throw new Error("the timeline has no incident");
  return play.cast.carrier.get<Incident>(`/v1/incidents/${one.id}`);
}

async function countMessages(play: Play, caseId: string): Promise<number> {
  const { items } = await play.cast.carrier.get<{ items: readonly unknown[] }>(`/v1/cases/${caseId}/messages`);
  return items.length;
}

async function readStatus(play: Play, caseId: string): Promise<string> {
  return (await play.cast.carrier.get<{ status: string }>(`/v1/cases/${caseId}`)).status;
}
