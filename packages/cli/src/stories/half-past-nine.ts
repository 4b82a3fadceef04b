import { type Cast, Play, type PrintLine } from "./play.ts";

const zone = "America/Toronto";
const night = "2006-10-31";
const morning = "2006-11-01";
const customer = { name: "A. Developer", customerId: "DEV-12", email: "dev@twelve.example", phone: "+1 416 555 0112" };
const engineer = { name: "Ivo Marsh", contact: "ivo@orchard.example" };

/** The result of the story, which a test checks. */
export type KeysStory = {
  /** The time from the delivery of the promise to the need-by. */
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

/**
 * Opens the case of 2006-10-31, 19:46. The customer needs keys by half past nine the next morning, but a request for
 * keys usually takes 24 hours.
 */
export async function openKeys(
  cast: Cast,
  print: PrintLine,
  start = `${night}T19:46`,
): Promise<{ readonly play: Play; readonly opened: ContactResponse }> {
  const play = await Play.begin(cast, start, zone, print);
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

/** Plays story 5. With Crossline every customer gets the help that once needed personal connections. */
export async function playKeys(cast: Cast, print: PrintLine): Promise<KeysStory> {
  const { play, opened } = await openKeys(cast, print);
  const { feasibility } = opened.case;
  if (feasibility === undefined) throw new Error("the response to the opening has no feasibility");
  play.say("web request: a rebuilt machine spent a developer's signing keys; the demo is tomorrow at 09:30");
  play.note(
    `feasible? ${feasibility.verdict.toUpperCase()}: the usual 24 h are too long, spare time ${feasibility.spare}`,
  );

  const joined = [opened.joined];
  for (const [channel, action] of [
    ["phone", "the customer calls"],
    ["mail", "and sends a mail"],
  ] as const) {
    const contact = {
      timeline: play.timeline,
      channel,
      title: "Where are my keys?",
      line: cast.line,
      subject: customer,
    };
    const response = await cast.carrier.post<ContactResponse>("/v1/contacts", {
      ...contact,
      carrierCaseId: `NT-${channel}-${play.timeline.slice(-6)}`,
    });
    joined.push(response.joined);
    play.note(`${action}: ${response.joined ? "it joins the same case" : "a second case"}`);
  }

  await play.until("19:47");
  const [paged] = await listPages(play);
  play.say(
    "the latest safe crossing is past: Crossline pages Orchard's emergency roster at once, even in quiet hours",
    opened.case.openedAt,
  );
  play.note(
    `to ${paged?.to ?? "no person"}, ${paged?.state ?? "not sent"}: on a stepped timeline the page is recorded and not sent`,
  );

  await play.until("20:45");
  const { version } = await cast.carrier.get<{ version: number }>(play.path);
  await play.carrier("crossings", { asOf: version, reason: "need-by 09:30" });
  const [offer] = await play.queue("signing");
  if (offer === undefined) throw new Error("no case was offered");
  const claim = await play.accept("signing", offer.handoffId, engineer, {
    vendorCaseId: "OR-7781",
    nextStep: "New keys at start of shift, a person must be on site",
    eta: `${morning}T07:30:00-05:00`,
    tried: "nothing yet",
  });
  play.say(`${engineer.name} of Orchard responds and accepts: Orchard holds the case`);

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
  play.say("an engineer offers to drive 45 minutes to the office; the carrier declines, because it can wait");

  await play.until(`${morning}T07:15`);
  await cast.vendor.post(`${play.path}/promises/${promiseId}/delivered`, { evidence: "Keys issued, serial 0x51A0" });
  const margin = await marginOf(play, promiseId);
  play.say(`the keys arrive: Orchard has kept its promise, ${inWords(margin)} before the need-by`);
  await play.desk("signing", offer.handoffId, "resolve", { token: claim.token, fixCode: "keys-reissued" });
  await play.carrier("confirm");
  await play.until("09:30");
  const { status } = await cast.carrier.get<{ status: string }>(play.path);
  play.say(`the demo begins, and the case is ${status}`);
  return { caseId: play.caseId, timeline: play.timeline, feasibility, joined, margin, fired: await listFirings(play) };
}

/** Returns the time from the delivery of a promise to the case's need-by. */
async function marginOf(play: Play, promiseId: string): Promise<string | undefined> {
  type PromisesResponse = { readonly promises: readonly { readonly id: string; readonly margin?: string }[] };
  const { promises } = await play.cast.carrier.get<PromisesResponse>(play.path);
  return promises.find(({ id }) => id === promiseId)?.margin;
}

/** Returns `2 h 15 min` for `PT2H15M`. */
function inWords(duration = ""): string {
  return duration.slice(2).replace("H", " h ").replace("M", " min");
}

type Page = { readonly at: string; readonly to: string; readonly state: string };

/**
 * Returns the pages that Crossline has recorded for the vendor's people so far, in order. On a stepped timeline
 * Crossline records pages and does not send them.
 */
export async function listPages(play: Play): Promise<readonly Page[]> {
  type Log = { items: { eventType: string; url: string; state: string; createdAt: string }[] };
  const { items } = await play.cast.vendor.get<Log>(`/v1/deliveries?case=${play.caseId}`);
  return items
    .filter(({ eventType }) => eventType === "roster.paged")
    .map(({ url, state, createdAt: at }) => ({ to: url.replace("mailto:", ""), state, at }))
    .toReversed();
}

/** Returns the firings so far, for example "2006-11-01T12:30:00Z promise 100". */
export async function listFirings(play: Play): Promise<string[]> {
  type Clocks = { clocks: { kind: string; thresholds: { percent: number; firedAt?: string }[] }[] };
  const { clocks } = await play.cast.carrier.get<Clocks>(`${play.path}/clocks`);
  return clocks
    .flatMap(({ kind, thresholds }) => thresholds.map(({ percent, firedAt }) => ({ kind, percent, firedAt })))
    .flatMap(({ kind, percent, firedAt }) => (firedAt === undefined ? [] : [`${firedAt} ${kind} ${percent}`]))
    .toSorted();
}
