import { type Instant, formatInstant } from "@crossline/contracts";
import { type DrawnCase, addPromise, resolve } from "./course-of-solution.ts";
import { duration } from "./market.ts";

const hourMs = 3_600_000;

/** An offer of a case to the queue of a vendor. */
type Offer = { readonly handoffId: string; readonly vendor: string; readonly queue: string };

/** Draws a crossing: offers until the acceptance, and the vendor's work after it. */
export function cross(drawn: DrawnCase): void {
  const { traits, random } = drawn;
  const heldMs = duration(traits.habit.holdMs * traits.held, random);
  const vendor = traits.model?.vendor ?? "orchard";
  const acceptedAt = traits.openedAt + heldMs;
  if (random() < 0.15) assignPool(drawn, heldMs);
  if (random() < 0.1) failOffer(drawn, vendor, heldMs);
  const offer = offerOf(drawn, vendor, 1);
  addOffer(drawn, offer, acceptedAt - Math.round(heldMs * (0.1 + 0.2 * random())));
  accept(drawn, offer, acceptedAt);
  const solvedAt = acceptedAt + duration(traits.habit.fixMs * traits.fixed, random, 0.6);
  const fate = random();
  if (fate < 0.05) return returnCase(drawn, offer, solvedAt);
  if (fate < 0.09) return transfer(drawn, offer, solvedAt);
  if (fate < 0.13) return; // The vendor never solves the case.
  if (fate < 0.25) addPromise(drawn, acceptedAt + 1, vendor);
  return solve(drawn, offer, solvedAt);
}

/** The case waits in a pool of the carrier before the offer. A person of the pool claims it, or the assignment lapses. */
function assignPool({ log, traits, random }: DrawnCase, heldMs: number): void {
  const [from, to] = [traits.openedAt + Math.round(0.2 * heldMs), traits.openedAt + Math.round(0.3 * heldMs)];
  const actor = { party: "operator", automated: true };
  const pool = traits.model?.os === "QuillOS" ? "notebooks" : "handhelds";
  const assignment = { assignmentId: `pa_${log.caseId.slice(3)}`, pool };
  log.add(from, "pool.assigned", {
    ...assignment,
    actor,
    step: 0,
    attempt: 0,
    mode: "ticket",
    reason: "trigger",
    trigger: "skill.missing",
  });
  if (random() < 0.3) return void log.add(to, "pool.lapsed", { ...assignment, actor });
  const person = { party: traits.carrier, person: "rep-7", automated: false };
  log.add(Math.round((from + to) / 2), "pool.claimed", { ...assignment, actor: person, leaseUntil: formatInstant(to) });
  log.add(to, "pool.released", { ...assignment, actor: person, reason: "by-person" });
}

function offerOf({ log }: DrawnCase, vendor: string, number: number): Offer {
  return { handoffId: `ho_${log.caseId.slice(3, -1)}${number}`, vendor, queue: `${vendor}.handheld` };
}

function addOffer({ log, random }: DrawnCase, offer: Offer, at: Instant): void {
  const actor = { party: "operator", automated: true };
  const reason = random() < 0.7 ? "clock" : "by-hand";
  log.add(at, "handoff.offered", { ...offer, actor, step: 0, attempt: 0, mode: "ticket", reason });
}

/** The first offer is rejected or lapses. */
function failOffer(drawn: DrawnCase, vendor: string, heldMs: number): void {
  const { log, traits, random } = drawn;
  const offer = offerOf(drawn, vendor, 0);
  const actor = { party: vendor, automated: false };
  const [from, to] = [traits.openedAt + Math.round(0.4 * heldMs), traits.openedAt + Math.round(0.5 * heldMs)];
  addOffer(drawn, offer, from);
  if (random() < 0.5) log.add(to, "handoff.rejected", { ...offer, actor, code: "no-capacity" });
  else log.add(to, "handoff.lapsed", { ...offer, actor: { party: "operator", automated: true } });
}

function accept({ log }: DrawnCase, offer: Offer, at: Instant): void {
  const actor = { party: offer.vendor, automated: false };
  const eta = formatInstant(at + hourMs);
  log.add(at - 1, "handoff.claimed", { ...offer, actor, leaseUntil: eta });
  log.add(at, "handoff.accepted", {
    ...offer,
    actor,
    vendorCaseId: offer.handoffId,
    nextStep: "Check the device",
    eta,
    readBack: { problem: "As in the brief", tried: "As in the brief" },
    dossierVersion: 1,
    subject: { engineer: { name: "Ada Lovett", contact: "ada@orchard.example" } },
  });
}

function solve(drawn: DrawnCase, offer: Offer, at: Instant): void {
  const actor = { party: offer.vendor, automated: false };
  drawn.log.add(at, "handoff.resolved", { ...offer, actor, fixCode: "restart" });
  resolve(drawn, at + 40, { vendor: offer.vendor, handoffId: offer.handoffId });
}

/** The vendor returns the case, and the carrier solves it. */
function returnCase(drawn: DrawnCase, offer: Offer, at: Instant): void {
  const { log, traits, random } = drawn;
  const code = random() < 0.5 ? "bad-data" : "cannot-reproduce";
  const evidence = { test: "Ping", result: "No reply", wouldChangeOurMind: "A reply" };
  log.add(at, "handoff.returned", {
    ...offer,
    actor: { party: offer.vendor, automated: false },
    code,
    evidence,
    returns: 1,
  });
  resolve(drawn, at + duration(traits.habit.holdMs, random), {});
}

/** The vendor transfers the case to another vendor, which solves it. */
function transfer(drawn: DrawnCase, offer: Offer, at: Instant): void {
  const { log, random } = drawn;
  const next = offerOf(drawn, offer.vendor === "quill" ? "lumen" : "quill", 2);
  const actor = { party: offer.vendor, automated: false };
  log.add(at, "handoff.transferred", { ...offer, actor, code: "wrong-vendor", to: next.queue });
  addOffer(drawn, next, at + 50);
  const acceptedAt = at + 50 + duration(hourMs / 4, random);
  accept(drawn, next, acceptedAt);
  solve(drawn, next, acceptedAt + duration(hourMs, random));
}
