import { type Cast, Play, type PrintLine } from "./play.ts";

const zone = "Europe/Amsterdam";
const person = { name: "R. de Wit", email: "rdw@reseller.example", phone: "+31 20 794 0112" };
const blame = "You people should read the knowledge base more often. It is you who needs to fix something.";
const repaired = "A person has read all your messages. We will call you at 14:30 today with a price.";

/** The result of the story, which a test checks. */
export type UnansweredStory = {
  readonly caseId: string;
  readonly timeline: string;
  readonly joined: readonly boolean[];
  readonly inquiry: { readonly attempts: number; readonly owner?: { readonly person?: string; readonly by: string } };
  /** The deadline of the first response after the automatic reply, the link and the change of the status. */
  readonly stillDue: string | undefined;
  readonly paged: readonly string[];
  /** The state of the blaming message, and its marked texts. */
  readonly held: { readonly state: string; readonly marked: readonly string[] };
  readonly draft: string | undefined;
  /** The state of the first-response clock after each step: sent, failed, sent again. */
  readonly owed: readonly string[];
};

type ContactResponse = { readonly case: { readonly id: string }; readonly joined: boolean };
type MessageResponse = {
  readonly id: string;
  readonly state: string;
  readonly marks: readonly { readonly from: number; readonly to: number }[];
};
type Clocks = {
  readonly clocks: readonly {
    readonly kind: string;
    readonly state: string;
    readonly thresholds: readonly { readonly percent: number; readonly dueAt?: string }[];
  }[];
};

/** The contacts of a day: three forms, two mails and two calls that reach voice mail. */
const contacts = [
  ["09:00", "web", { ...person, customerId: "LEAD-7" }, "a would-be customer fills in the web form"],
  ["09:40", "web", { email: person.email, phone: person.phone }, "fills in the web form again"],
  ["10:15", "web", { customerId: "LEAD-7" }, "fills in the web form for the third time"],
  ["11:00", "mail", { email: "RdW@Reseller.example" }, "writes a mail"],
  ["11:30", "mail", { email: person.email }, "writes a second mail"],
  ["12:10", "phone", { msisdn: "+31207940112" }, "calls and reaches voice mail"],
  ["12:40", "phone", { msisdn: "0031 20 7940112" }, "calls again and reaches voice mail"],
] as const;

/** Plays the first half of story 4: seven attempts are one inquiry, and a person must answer without blame. */
export async function playUnanswered(cast: Cast, print: PrintLine): Promise<UnansweredStory> {
  const play = await Play.begin(cast, "2026-03-02T09:00", zone, print);
  const joined = await contactSevenTimes(play);
  const stillDue = await firstResponseDue(play);
  play.note(
    "an automatic reply, a link and a change of the status met nothing: the first response is still due at 13:00",
  );

  await play.until("13:01");
  play.say("the first response is late: Crossline names an owner and pages sales", play.at("13:00"));
  await play.until("13:20");
  play.note("no person has taken the inquiry within 15 minutes, so Crossline pages again");
  await play.carrier("take", { engineer: { name: "Sanne Bos", contact: "sanne@lumen.example" }, person: "sanne" });
  play.say("Sanne Bos of sales takes the inquiry and owns it");
  const { inquiry } = await cast.carrier.get<{ inquiry: UnansweredStory["inquiry"] }>(play.path);
  const paged = await listPagedPeople(play);

  await play.until("13:30");
  const held = await play.carrier<MessageResponse>("messages", { text: blame, channel: "web", person: "sanne" });
  play.say(`a message blames the customer: Crossline holds it and marks ${held.marks.length} places`);
  play.note(
    `sent without a second person: ${await play.refused(play.carrier(`messages/${held.id}/release`, { person: "sanne" }))}`,
  );
  const { text: draft } = await cast.carrier.get<{ text?: string }>(`${play.path}/messages/draft?zone=${zone}`);
  play.note("Crossline drafts an apology from the records of the clocks");

  const owed = await answerAndFail(play, held.id);
  return {
    caseId: play.caseId,
    timeline: play.timeline,
    joined,
    inquiry,
    stillDue,
    paged,
    held: { state: held.state, marked: held.marks.map(({ from, to }) => blame.slice(from, to)) },
    draft,
    owed,
  };
}

async function contactSevenTimes(play: Play): Promise<boolean[]> {
  const joined: boolean[] = [];
  for (const [at, channel, subject, act] of contacts) {
    await play.until(at);
    const response = await play.cast.carrier.post<ContactResponse>("/v1/contacts", {
      carrierCaseId: `LE-${joined.length}-${play.timeline.slice(-6)}`,
      timeline: play.timeline,
      line: play.cast.line,
      kind: "inquiry",
      title: "Wholesale access for 400 lines",
      channel,
      subject,
      automated: true,
    });
    play.caseId = response.case.id;
    joined.push(response.joined);
    play.say(`${act}: ${response.joined ? "one more attempt" : "an inquiry opens"}`);
    if (at === "09:00")
      await play.carrier("contacts", {
        channel: "mail",
        direction: "outbound",
        content: "auto-reply",
        automated: true,
      });
    if (at === "11:30") {
      await play.carrier("contacts", { channel: "mail", direction: "outbound", content: "article" });
      await play.carrier("status", { status: "inProgress" });
    }
  }
  return joined;
}

/** Answers the inquiry. The first message bounces, so the answer is owed again until another message is sent. */
async function answerAndFail(play: Play, heldId: string): Promise<string[]> {
  await play.until("13:40");
  const { id } = await play.carrier<MessageResponse>(`messages/${heldId}/reword`, { text: repaired, person: "sanne" });
  await play.carrier(`messages/${id}/sent`, { person: "sanne" });
  const owed = [await firstResponseState(play)];
  play.say("reworded without blame, the message is sent: the first response is met, forty minutes late");
  await play.until("13:50");
  await play.carrier(`messages/${id}/failed`, { reason: "the mailbox is full" });
  await play.until("13:51");
  owed.push(await firstResponseState(play));
  play.say("the message bounces: the first response is owed again, and is late at once", play.at("13:50"));
  await play.until("14:00");
  const again = await play.carrier<MessageResponse>("messages", { text: repaired, channel: "sms", person: "sanne" });
  await play.carrier(`messages/${again.id}/sent`, { person: "sanne" });
  owed.push(await firstResponseState(play));
  play.say("a text message reaches the customer: the first response is met");
  return owed;
}

async function readFirstResponse(play: Play): Promise<Clocks["clocks"][number] | undefined> {
  const { clocks } = await play.cast.carrier.get<Clocks>(`${play.path}/clocks`);
  return clocks.find(({ kind }) => kind === "first-response");
}

async function firstResponseDue(play: Play): Promise<string | undefined> {
  return (await readFirstResponse(play))?.thresholds.find(({ percent }) => percent === 100)?.dueAt;
}

async function firstResponseState(play: Play): Promise<string> {
  return (await readFirstResponse(play))?.state ?? "met";
}

async function listPagedPeople(play: Play): Promise<string[]> {
  type Log = { items: { eventType: string; url: string; createdAt: string }[] };
  const { items } = await play.cast.carrier.get<Log>(`/v1/deliveries?case=${play.caseId}`);
  return items
    .filter(({ eventType }) => eventType === "roster.paged")
    .map(({ url }) => url.replace("mailto:", ""))
    .toReversed();
}
