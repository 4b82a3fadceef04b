import { readReports, type StoryReports } from "./one-and-done-reports.ts";
import { type Cast, Play, type PrintLine } from "./play.ts";

const zone = "America/Toronto";
const ada = { name: "Ada Lovett", contact: "ada.lovett@orchard.example" };

/** The result of the story, which a test checks. */
export type OneAndDoneStory = {
  readonly timeline: string;
  /** Before the training: no person is certified, so the case crossed at this instant. */
  readonly untrained: { readonly caseId: string; readonly startedAt: string; readonly offeredAt: string | undefined };
  /** After the training: the assignment to the pool, and the instant at which the rep without the skill began. */
  readonly trained: { readonly caseId: string; readonly startedAt: string; readonly pool: CasePool };
  /** The expired certificate counts as none. */
  readonly expired: CasePool;
  /** A certified person was already live with the customer, so the case stayed. */
  readonly preferred: CasePool;
  /** Other people may not claim the assignment. */
  readonly refused: string;
  /** The cases that left because of a person's missing skill, and the reports. */
  readonly reports: StoryReports;
};

/** The open assignment to a pool, as the carrier's view of the case shows it; undefined without an assignment. */
type CasePool =
  | {
      readonly assignmentId: string;
      readonly pool: string;
      readonly assignedAt: string;
      readonly missing?: { readonly person: string; readonly level: number };
    }
  | undefined;

/** Plays story 2. A rep without the skill hands over at once, and the reports show what the training changed. */
export async function playOneAndDone(cast: Cast, print: PrintLine): Promise<OneAndDoneStory> {
  const play = await Play.begin(cast, "2026-03-02T09:00", zone, print);
  const untrained = await crossAtOnce(play);
  await train(play);
  const { refused, ...trained } = await claimFromPool(play);
  const expired = await startUncertified(play, "2026-03-05T10:00", "tom");
  play.say("Tom's certificate has expired and counts as none: the case goes to the pool at once");
  await finishFromPool(play, expired);
  const preferred = await joinCertified(play);
  return {
    timeline: play.timeline,
    untrained,
    trained,
    expired,
    preferred,
    refused,
    reports: await readReports(play),
  };
}

/** Before the training no person is certified. The pool is empty, and the case crosses without a wait of 20 minutes. */
async function crossAtOnce(play: Play): Promise<OneAndDoneStory["untrained"]> {
  await openCase(play, "PocketOS 4.2", "phone");
  play.say("a customer calls about PocketOS 4.2, and Maya answers");
  await play.carrier("handlings", { channel: "phone", person: "maya" });
  const startedAt = play.now;
  await play.until("09:01");
  const [offer] = await play.queue("handheld");
  if (offer === undefined) throw new Error("the case did not cross");
  const { handoffs } = await play.cast.carrier.get<{ handoffs: { offeredAt: string }[] }>(`${play.path}/handoffs`);
  play.say("no person on duty is certified for PocketOS: the case crosses to Orchard at once", startedAt);
  const claim = await play.accept("handheld", offer.handoffId, ada, {
    vendorCaseId: "OR-8801",
    nextStep: "Free the memory",
    eta: play.at("09:10"),
    tried: "nothing yet",
  });
  await play.until("09:02");
  await play.desk("handheld", offer.handoffId, "resolve", { token: claim.token, fixCode: "memory-full" });
  await play.carrier("confirm", { person: "maya" });
  play.say("Orchard's fix takes a minute, and the customer confirms");
  return { caseId: play.caseId, startedAt, offeredAt: handoffs[0]?.offeredAt };
}

/** Sets the skills after the training. Priya is certified, Tom's certificate has expired, and Maya was not trained. */
async function train(play: Play): Promise<void> {
  await play.until("2026-03-04T18:00");
  const certificate = { os: "PocketOS", versions: { from: "4" }, level: 2, source: "Training 2026-03" };
  const from = play.at("2026-03-04T00:00");
  await play.cast.carrier.post("/v1/skills", {
    people: [
      { person: "priya", skills: [{ ...certificate, from }] },
      {
        person: "tom",
        skills: [{ ...certificate, from: play.at("2025-03-04T00:00"), until: play.at("2026-03-01T00:00") }],
      },
    ],
    changedBy: "trainer-2",
  });
  play.say("the training ends: Priya is certified for PocketOS, and Tom's old certificate expired on March 1");
}

async function claimFromPool(play: Play): Promise<OneAndDoneStory["trained"] & { readonly refused: string }> {
  const pool = await startUncertified(play, "2026-03-05T09:00", "maya");
  const startedAt = play.now;
  play.say("another customer calls about PocketOS 4.2. Maya lacks the skill: the case goes to the pool at once");
  play.note(`held by Northtel, for the specialists: ${pool?.missing?.person ?? "?"} lacks level 2`);
  if (pool === undefined) throw new Error("the case was not assigned to a pool");
  const path = `/v1/pools/specialists/assignments/${pool.assignmentId}`;
  const refused = await play.refused(play.cast.carrier.post(`${path}/claim`, { person: "tom" }));
  play.note(`Tom's claim is refused: ${refused}`);
  await finishFromPool(play, pool);
  return { caseId: play.caseId, startedAt, pool, refused };
}

/** Opens a case about PocketOS, and lets a person without the skill begin. Returns the assignment to the pool. */
async function startUncertified(play: Play, local: string, person: string): Promise<CasePool> {
  await play.until(local);
  await openCase(play, "PocketOS 4.2", "phone");
  await play.carrier("handlings", { channel: "phone", person });
  return readPool(play);
}

/** Priya claims the assignment and solves the case, and the customer confirms. */
async function finishFromPool(play: Play, pool: CasePool): Promise<void> {
  if (pool === undefined) throw new Error("the case was not assigned to a pool");
  const hour = Temporal.Instant.from(play.now).toZonedDateTimeISO(zone).hour;
  const minute = (past: number): string => `${String(hour).padStart(2, "0")}:${String(past).padStart(2, "0")}`;
  await play.until(minute(1));
  await play.cast.carrier.post(`/v1/pools/specialists/assignments/${pool.assignmentId}/claim`, { person: "priya" });
  await play.carrier("handlings", { channel: "phone", person: "priya" });
  play.say("Priya, who is certified and on duty, claims the case and joins the call");
  await play.until(minute(6));
  await play.carrier("status", { status: "resolved", fixCode: "memory-full", person: "priya" });
  await play.carrier("confirm", { person: "priya" });
  play.say("solved during the first contact, and confirmed by the customer");
}

/** A certified person is live with the customer when a person without the skill joins the call. */
async function joinCertified(play: Play): Promise<CasePool> {
  await play.until("2026-03-05T11:00");
  await openCase(play, "PocketOS 4.2", "store");
  await play.carrier("handlings", { channel: "store", person: "priya" });
  await play.carrier("handlings", { channel: "store", person: "maya" });
  const pool = await readPool(play);
  play.say("Priya helps a customer in the store, and Maya joins: the case stays with Priya");
  await play.until("11:02");
  await play.carrier("status", { status: "resolved", fixCode: "memory-full", person: "priya" });
  await play.carrier("confirm", { person: "priya" });
  return pool;
}

async function openCase(play: Play, os: string, channel: "phone" | "store"): Promise<void> {
  const { cast, timeline, now } = play;
  const { id } = await cast.carrier.post<{ id: string }>("/v1/cases", {
    carrierCaseId: `NT-${timeline.slice(-6)}-${now}`,
    timeline,
    line: cast.line,
    kind: "question",
    severity: "major",
    title: "The phone is slow",
    channel,
    device: { vendor: cast.names.vendor, model: "Handheld 8700", os },
    symptom: "slow-phone",
  });
  play.caseId = id;
}

/** Returns the open assignment of the case. The request waits until the timeline is caught up. */
async function readPool(play: Play): Promise<CasePool> {
  const { pool } = await play.cast.carrier.get<{ pool?: CasePool }>(play.path);
  return pool;
}
