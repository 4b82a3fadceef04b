import { type Cast, Play, type PrintLine } from "./play.ts";

const zone = "America/Toronto";
const night = "2006-10-31";
const morning = "2006-11-01";
const customer = { name: "A. Developer", customerId: "DEV-12", email: "dev@twelve.example", phone: "+1 416 555 0112" };
const engineer = { name: "Ivo Marsh", contact: "ivo@orchard.example" };

/** What the story came to, for whoever wants to hold it against the facts. */
export type KeysStory = {
  /** From the delivery of the promise to the need-by. */
  readonly margin: string | undefined;
  readonly caseId: string;
  readonly timeline: string;
  readonly feasibility: { readonly verdict: string; readonly spare: string; readonly latestSafeCrossing: string };
  readonly joined: readonly boolean[];
  readonly fired: readonly string[];
};

type ContactResponse = {
  readonly case: { readonly id: string; readonly openedAt: string; readonly feasibility?: KeysStory["feasibility"] };
  readonly joined: boolean;
};

/** Opens the case of 2006-10-31, 19:46: keys are wanted by half past nine next morning, and everybody says 24 hours. */
export async function openKeys(
  cast: Cast,
  tell: PrintLine,
  start = `${night}T19:46`,
): Promise<{ readonly play: Play; readonly opened: ContactResponse }> {
  const play = await Play.begin(cast, start, zone, tell);
  const opened = await cast.carrier.post<ContactResponse>("/v1/contacts", {
    carrierCaseId: `NT-${play.timeline.slice(-6)}`,
    timeline: play.timeline,
    line: cast.line,
    kind: "developer-keys",
    severity: "critical",
    title: "Signing keys are spent, no installs left",
    channel: "web",
    symptom: "keys-spent",
    device: { vendor: cast.names.vendor, model: "Signing service" },
    needBy: `${morning}T09:30:00-05:00`,
    subject: customer,
  });
  play.caseId = opened.case.id;
  return { play, opened };
}

/** Plays story 5, as it should go for everybody and not only for who has connections. */
export async function playKeys(cast: Cast, tell: PrintLine): Promise<KeysStory> {
  const { play, opened } = await openKeys(cast, tell);
  const { feasibility } = opened.case;
  if (feasibility === undefined) throw new Error("the opening answered no feasibility");
  play.say(
    "a developer's machine was rebuilt, the signing keys are spent; the demo is tomorrow at 09:30. A web request",
  );
  play.note(`feasible? ${feasibility.verdict.toUpperCase()}: the usual 24 h miss it, spare ${feasibility.spare}`);

  const joined = [opened.joined];
  for (const [channel, what] of [
    ["phone", "he calls"],
    ["mail", "and mails"],
  ] as const) {
    const contact = {
      timeline: play.timeline,
      channel,
      title: "Where are my keys?",
      line: cast.line,
      subject: customer,
    };
    const answer = await cast.carrier.post<ContactResponse>("/v1/contacts", {
      ...contact,
      carrierCaseId: `NT-${channel}-${play.timeline.slice(-6)}`,
    });
    joined.push(answer.joined);
    play.note(`${what}: ${answer.joined ? "it is the same case" : "a second case"}`);
  }

  await play.until("19:47");
  const [paged] = await listPages(play);
  play.say(
    "the clock need-by is past: Orchard's emergency roster is paged at once, quiet hours or not",
    opened.case.openedAt,
  );
  play.note(
    `to ${paged?.to ?? "nobody"}, ${paged?.state ?? "not"}: on a driven clock it is written down and nobody is called`,
  );

  await play.until("20:45");
  const { version } = await cast.carrier.get<{ version: number }>(play.path);
  await play.carrier("crossings", { asOf: version, reason: "need-by 09:30" });
  const [offer] = await play.queue("signing");
  if (offer === undefined) throw new Error("nothing was offered");
  const claim = await play.accept("signing", offer.handoffId, engineer, {
    vendorCaseId: "OR-7781",
    nextStep: "New keys at start of shift, a person must be on site",
    eta: `${morning}T07:30:00-05:00`,
    tried: "nothing yet",
  });
  play.say(`${engineer.name} of Orchard answers and accepts: Orchard has the case`);

  await play.until("21:45");
  const { id: promiseId } = await cast.vendor.post<{ id: string }>(`${play.path}/promises`, {
    text: "New keys between 07:00 and 07:30",
    from: `${morning}T07:00:00-05:00`,
    until: `${morning}T07:30:00-05:00`,
  });
  play.say("Orchard promises new keys between 07:00 and 07:30");

  await play.until("22:10");
  await play.vendor("entries", { kind: "message", text: "I can drive in now, 45 minutes." });
  await play.carrier("entries", { kind: "decision", text: "Declined with thanks: it can wait until the morning." });
  play.say("one engineer offers to drive 45 minutes to the office; it can wait, so it is declined");

  await play.until(`${morning}T07:15`);
  await cast.vendor.post(`${play.path}/promises/${promiseId}/delivered`, { evidence: "Keys issued, serial 0x51A0" });
  const margin = await marginOf(play, promiseId);
  play.say(`the keys arrive: the promise is kept, ${inWords(margin)} before they are needed`);
  await play.desk("signing", offer.handoffId, "resolve", { token: claim.token, fixCode: "keys-reissued" });
  await play.carrier("confirm");
  await play.until("09:30");
  const { status } = await cast.carrier.get<{ status: string }>(play.path);
  play.say(`the demo. The case is ${status}`);
  return { caseId: play.caseId, timeline: play.timeline, feasibility, joined, margin, fired: await listFirings(play) };
}

/** How long before the case's need-by a promise was delivered. */
async function marginOf(play: Play, promiseId: string): Promise<string | undefined> {
  type Kept = { readonly promises: readonly { readonly id: string; readonly margin?: string }[] };
  const { promises } = await play.cast.carrier.get<Kept>(play.path);
  return promises.find(({ id }) => id === promiseId)?.margin;
}

/** `2 h 15 min` of `PT2H15M`. */
function inWords(duration = ""): string {
  return duration.slice(2).replace("H", " h ").replace("M", " min");
}

type Page = { readonly at: string; readonly to: string; readonly state: string };

/** Who of the vendor's people was paged so far, the first page first: written down, since nobody is really called. */
export async function listPages(play: Play): Promise<readonly Page[]> {
  type Log = { items: { eventType: string; url: string; state: string; createdAt: string }[] };
  const { items } = await play.cast.vendor.get<Log>(`/v1/deliveries?case=${play.caseId}`);
  return items
    .filter(({ eventType }) => eventType === "roster.paged")
    .map(({ url, state, createdAt: at }) => ({ to: url.replace("mailto:", ""), state, at }))
    .toReversed();
}

/** What has fired so far: "2006-11-01T12:30:00Z promise 100". */
export async function listFirings(play: Play): Promise<string[]> {
  type Clocks = { clocks: { kind: string; thresholds: { percent: number; firedAt?: string }[] }[] };
  const { clocks } = await play.cast.carrier.get<Clocks>(`${play.path}/clocks`);
  return clocks
    .flatMap(({ kind, thresholds }) => thresholds.map(({ percent, firedAt }) => ({ kind, percent, firedAt })))
    .flatMap(({ kind, percent, firedAt }) => (firedAt === undefined ? [] : [`${firedAt} ${kind} ${percent}`]))
    .toSorted();
}
