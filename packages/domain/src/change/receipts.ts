import { type Actor, type Instant, formatInstant } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import type { ChangeTaskEvent } from "./task.ts";
import {
  type AnnouncedChange,
  type ChangeDecision,
  type ChangeOutcome,
  type Receipt,
  aboutOf,
  appendChangeEvent,
} from "./change.ts";

/** The refusal for a company that neither announced the change nor is affected by it. */
export const noSuchChange = refuse("not_found", "You have no change with this id.");

/** Returns true if the company announced the change, or is affected by it. */
export function readsChange({ by, receipts }: AnnouncedChange, party: string): boolean {
  return by === party || receipts.some(({ company }) => company === party);
}

/**
 * Records the receipt of the actor's company. A repeated receipt changes nothing. A receipt after the deadline is accepted, and says
 * that it was overdue.
 */
export function confirmChange(state: AnnouncedChange, actor: Actor, at: Instant): ChangeOutcome {
  const receipt = state.receipts.find(({ company }) => company === actor.party);
  if (receipt === undefined) {
    if (state.by !== actor.party) return noSuchChange;
    return refuse("forbidden", "Only an affected company confirms a change, not the company that announced it.");
  }
  if (receipt.is === "confirmed") return unchanged(state);
  if (state.withdrawn !== undefined) return refuse("illegal_transition", "This change is withdrawn.");
  const { company } = receipt;
  const wasOverdue = at > state.confirmBy;
  const confirmed = withReceipt(state, { company, is: "confirmed", at, person: actor.person, wasOverdue });
  const data = { actor, ...receiptData(state, company, [state.by, company]), overdue: wasOverdue };
  return appendChangeEvent(unchanged(confirmed), at, { type: "change.confirmed", data });
}

/** Withdraws a change. Its deadlines end, and the links of its cases stay. */
export function withdrawChange(state: AnnouncedChange, reason: string, actor: Actor, at: Instant): ChangeOutcome {
  if (state.by !== actor.party) {
    if (!readsChange(state, actor.party)) return noSuchChange;
    return refuse("forbidden", "Only the company that announced a change withdraws it.");
  }
  if (state.withdrawn !== undefined) return refuse("illegal_transition", "This change is already withdrawn.");
  const companies = [state.by, ...state.receipts.map(({ company }) => company)];
  return appendChangeEvent(unchanged({ ...state, withdrawn: { at, reason } }), at, {
    type: "change.withdrawn",
    data: { actor, companies, ...aboutOf(state), reason },
  });
}

/**
 * Decides a deadline of the receipts: each company that has not confirmed is reminded once, and is overdue once. A repeated task
 * changes nothing.
 */
export function passDeadline(
  state: AnnouncedChange,
  { is }: Extract<ChangeTaskEvent, { is: "remind" | "overdue" }>,
  at: Instant,
): ChangeDecision {
  if (state.withdrawn !== undefined) return unchanged(state);
  const actor = { party: state.by, automated: true };
  let decision = unchanged(state);
  for (const receipt of state.receipts) {
    if (receipt.is !== "awaited" || (is === "remind" && receipt.reminded)) continue;
    const { company } = receipt;
    // The reminder goes to the company alone. The announcer receives the event of the passed deadline.
    const data = { actor, ...receiptData(state, company, is === "remind" ? [company] : [state.by, company]) };
    const passed: Receipt = is === "remind" ? { ...receipt, reminded: true } : { company, is: "overdue" };
    const next = { ...decision, state: withReceipt(decision.state, passed) };
    decision = appendChangeEvent(next, at, { type: is === "remind" ? "change.reminded" : "change.overdue", data });
  }
  return decision;
}

/** Returns the number of receipts in each state. */
export function countReceipts({ receipts }: AnnouncedChange): Readonly<Record<Receipt["is"], number>> {
  const counts = { confirmed: 0, awaited: 0, overdue: 0 };
  for (const { is } of receipts) counts[is]++;
  return counts;
}

function receiptData(state: AnnouncedChange, company: string, companies: string[]) {
  return { companies, ...aboutOf(state), company, confirmBy: formatInstant(state.confirmBy) };
}

function withReceipt(state: AnnouncedChange, changed: Receipt): AnnouncedChange {
  const receipts = state.receipts.map((receipt) => (receipt.company === changed.company ? changed : receipt));
  return { ...state, receipts };
}

function unchanged(state: AnnouncedChange): ChangeDecision {
  return { state, messages: [], tasks: [] };
}
