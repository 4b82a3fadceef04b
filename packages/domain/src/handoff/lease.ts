import { type Actor, type Instant, type Refusal, formatInstant } from "@crossline/contracts";
import { isRefused, refuse } from "../decision.ts";
import { aboutHandoff, appendHandoffEvent } from "./append-event.ts";
import type { CaseCrossing, CrossingDecision } from "./case-crossing.ts";
import type { AcceptedHandoff, Handoff, Lease, LeasedHandoff } from "./handoff.ts";
import { phaseAt } from "./phase.ts";
import { openHandoffOf, withOpen } from "./waits.ts";

/** The commands with which a desk gets or renews a lease. */
export type LeaseCommand = { readonly type: "claim" } | { readonly type: "renew"; readonly token: number };

/** The decision about a claim or renewal, with the leased hand-off. */
export type LeaseDecision = CrossingDecision & { readonly leased: LeasedHandoff };

type RefusedCommand = { readonly refused: Refusal };

/** How long a lease lasts, in milliseconds. */
export const leaseMs = { "live-assist": 90_000, ticket: 900_000 } as const;

/** Decides a claim of a hand-off, or the renewal of a lease, by an actor of the vendor. A refusal changes nothing. */
export function leaseHandoff(
  state: CaseCrossing,
  handoffId: string,
  command: LeaseCommand,
  { actor, at }: { readonly actor: Actor; readonly at: Instant },
): LeaseDecision | RefusedCommand {
  const open = findOpenHandoff(state, handoffId);
  if (isRefused(open)) return open;
  if (command.type === "claim") return claim(state, open, actor, at);
  const current = checkToken(open, command.token);
  if (isRefused(current)) return current;
  if (current.phase === "accepted") return refusalAfterAcceptance;
  const leaseUntil = at + leaseMs[current.mode];
  const data = { ...aboutHandoff(state, current), actor, leaseUntil: formatInstant(leaseUntil) };
  const leased = { ...current, leaseUntil };
  const renewed = { state: withOpen(state, leased), messages: [] };
  return { ...appendHandoffEvent(renewed, at, { type: "handoff.renewed", data }), leased };
}

/** A case, its open hand-off in the phase that a command needs, and the actor of the command. */
export type HandoffAtDesk<Open = AcceptedHandoff> = {
  readonly state: CaseCrossing;
  readonly open: Open;
  readonly actor: Actor;
};

/** Returns the open hand-off if its id is `handoffId`. Otherwise, returns a refusal. */
export function findOpenHandoff(state: CaseCrossing, handoffId: string): Handoff | RefusedCommand {
  const open = openHandoffOf(state);
  if (open?.id === handoffId) return open;
  return refuse("illegal_transition", "This hand-off has ended: it lapsed, or was withdrawn, rejected or resolved.");
}

/** Returns the hand-off if `token` is the token of its latest claim. Otherwise, returns a refusal. */
export function checkToken(open: Handoff, token: number): LeasedHandoff | AcceptedHandoff | RefusedCommand {
  if (open.phase === "offered")
    return refuse("illegal_transition", "Claim this hand-off first; the claim returns a token.");
  if (token === open.token) return open;
  const detail = "A newer claim has replaced your claim; claim this hand-off again after its lease has expired.";
  return refuse("stale_token", detail);
}

/** The refusal of a claim, acceptance or rejection if the vendor has already accepted the case. */
export const refusalAfterAcceptance: RefusedCommand = refuse(
  "illegal_transition",
  "This hand-off has already been accepted.",
);

function claim(state: CaseCrossing, open: Handoff, actor: Actor, at: Instant): LeaseDecision | RefusedCommand {
  if (open.phase === "accepted") return refusalAfterAcceptance;
  const { person } = actor;
  if (
    open.phase !== "offered" &&
    phaseAt(open, at) !== "offered" &&
    (person === undefined || person !== open.claimedBy)
  )
    return refuseOtherClaim(open);
  const leaseUntil = at + leaseMs[open.mode];
  const leased = withLease(open, { leaseUntil, ...(person !== undefined && { claimedBy: person }) });
  const data = { ...aboutHandoff(state, open), actor, leaseUntil: formatInstant(leaseUntil) };
  const claimed = { state: withOpen(state, leased), messages: [] };
  return { ...appendHandoffEvent(claimed, at, { type: "handoff.claimed", data }), leased };
}

/**
 * Returns the hand-off with a new lease and a new token. A person who repeats a claim may have lost the old token, which
 * becomes invalid.
 */
function withLease(open: Exclude<Handoff, AcceptedHandoff>, lease: Lease): LeasedHandoff {
  const token = open.token + 1;
  if (open.phase === "offered") return { ...open, phase: "claimed", token, ...lease };
  const { claimedBy: _, ...unclaimed } = open; // The information request stays open for the next person.
  return { ...unclaimed, token, ...lease };
}

function refuseOtherClaim({ leaseUntil, claimedBy }: Lease): RefusedCommand {
  const until = formatInstant(leaseUntil);
  const facts = { leaseUntil: until, ...(claimedBy !== undefined && { claimedBy }) };
  const holder = claimedBy ?? "Another person of your desk";
  return refuse("already_claimed", `${holder} has the lease until ${until}.`, { facts });
}
