import { type EventData, type Instant, formatInstant } from "@crossline/contracts";
import type { Random } from "@crossline/domain";
import type { CaseLog } from "./case-log.ts";
import { duration } from "./market.ts";
import type { CaseTraits } from "./traits.ts";

const hourMs = 3_600_000;
/** Intake closes a resolved case without a confirmation after this time. */
const lapseMs = 72 * hourMs;

/** A case that is drawn: its log, its traits and the source of numbers. */
export type DrawnCase = { readonly log: CaseLog; readonly traits: CaseTraits; readonly random: Random };

/** Adds a contact. Only an answer goes from the carrier to the customer. */
export function addContact(
  { log, traits: { carrier, habit } }: DrawnCase,
  at: Instant,
  content: EventData<"case.contacted">["content"],
  number: number,
): void {
  const direction = content === "answer" ? "outbound" : "inbound";
  const actor = { party: carrier, automated: false };
  const contactId = `ct_${log.caseId.slice(3)}-${content}-${number}`;
  log.add(at, "case.contacted", { actor, contactId, channel: habit.channel, direction, content });
}

/** Adds a promise that is kept, late, withdrawn or forgotten. */
export function addPromise({ log, random }: DrawnCase, at: Instant, promisor: string): void {
  const promise = {
    actor: { party: promisor, automated: false },
    promiseId: `pr_${log.caseId.slice(3)}-${promisor}`,
    promisor,
  };
  const until = at + 24 * hourMs;
  log.add(at, "promise.made", { ...promise, text: "An update", until: formatInstant(until) });
  const fate = random();
  const later = at + duration(14 * hourMs, random);
  if (fate < 0.8) log.add(later, "promise.delivered", { ...promise, evidence: "An update", kept: later <= until });
  else if (fate < 0.9) log.add(later, "promise.withdrawn", { ...promise, reason: "Not needed" });
}

/** Adds a resolution of the carrier or a vendor, and the course after it. */
export function resolve(
  drawn: DrawnCase,
  at: Instant,
  by: { readonly vendor?: string; readonly handoffId?: string },
): void {
  const { log, traits, random } = drawn;
  const { vendor = traits.carrier, handoffId } = by;
  const actor = { party: vendor, automated: false };
  const from = "inProgress";
  log.add(at, "case.resolved", { actor, from, fixCode: "restart", ...(handoffId !== undefined && { handoffId }) });
  if (random() < traits.reopened) return reopen(drawn, at + duration(20 * hourMs, random));
  const fate = random();
  if (fate < 0.6) return close(drawn, at + duration(2 * hourMs, random), "confirmed");
  if (fate < 0.85) return close(drawn, at + lapseMs, "confirmation-lapsed");
}

/** The second fix comes from the carrier, and holds. */
function reopen(drawn: DrawnCase, at: Instant): void {
  const { log, traits, random } = drawn;
  const actor = { party: traits.carrier, automated: false };
  addContact(drawn, at, "still-broken", 1);
  log.add(at, "case.reopened", { actor, from: "resolved", code: "still-broken", reason: "Still broken" });
  const solvedAt = at + duration(3 * hourMs, random);
  log.add(solvedAt, "case.resolved", { actor, from: "reopened", fixCode: "exchange" });
  close(drawn, solvedAt + duration(hourMs, random), "confirmed");
}

function close({ log, traits }: DrawnCase, at: Instant, reason: "confirmed" | "confirmation-lapsed"): void {
  const actor = { party: traits.carrier, automated: reason !== "confirmed" };
  if (reason === "confirmed") log.add(at, "case.confirmed", { actor });
  log.add(at, "case.closed", { actor, from: "resolved", reason });
}
