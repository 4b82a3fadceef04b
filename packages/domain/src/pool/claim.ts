import { type Actor, type Instant, type Refusal, formatInstant } from "@crossline/contracts";
import { isRefused, refuse } from "../decision.ts";
import { stepWithin } from "../handoff/accept-by.ts";
import { appendHandoffEvent } from "../handoff/append-event.ts";
import type { CaseCrossing, CrossingDecision } from "../handoff/case-crossing.ts";
import type { CrossingDeps } from "../handoff/deps.ts";
import { leaseMs } from "../handoff/lease.ts";
import { takeNextStep } from "../handoff/next-step.ts";
import { waitFor, withAssignment } from "../handoff/waits.ts";
import { aboutAssignment, assign, beyondPool, releaseAssignment } from "./assign.ts";
import type { Assignment, ClaimedAssignment } from "./assignment.ts";
import { levelOf, membersOf } from "./certified.ts";
import { isCertifiedNow } from "./live-people.ts";

/** The commands of a person on an assignment. Every command except `claim` needs the token from the response to the claim. */
export type PoolCommand =
  | { readonly type: "claim"; readonly person: string }
  | { readonly type: "renew"; readonly token: number }
  | { readonly type: "release"; readonly token: number };

/** A command on an assignment, with its actor. */
type GivenPoolCommand = {
  readonly assignmentId: string;
  readonly command: PoolCommand;
  readonly actor: Actor;
};

/** A case, its assignment in the phase that a command needs, and the actor of the command. */
type AtAssignment<Open> = {
  readonly state: CaseCrossing;
  readonly open: Open;
  readonly actor: Actor;
};

/** The decision about a command on an assignment. `claimed` is the assignment with its lease; absent after a release. */
export type PoolDecision = CrossingDecision & { readonly claimed?: ClaimedAssignment };
type PoolOutcome = PoolDecision | { readonly refused: Refusal };

/**
 * Decides a command on an assignment at `at`. The caller has checked that the actor's party owns the pool. A refusal changes
 * nothing. A claim and a renewal stop no clock except the clock `vendor.acceptance` of the assignment.
 */
export function commandAssignment(
  state: CaseCrossing,
  { assignmentId, command, actor }: GivenPoolCommand,
  deps: CrossingDeps,
  at: Instant,
): PoolOutcome {
  const open = waitFor(state, "pool")?.assignment;
  if (open?.id !== assignmentId)
    return refuse("illegal_transition", "This assignment has ended: it lapsed, or was released.");
  if (command.type === "claim") return claim({ state, open, actor }, command.person, deps, at);
  const current = checkToken(open, command.token);
  if (isRefused(current)) return current;
  if (command.type === "release") return release({ state, open: current, actor }, deps, at);
  const claimed = { ...current, leaseUntil: at + leaseMs[current.mode] };
  return { state: withAssignment(state, claimed), messages: [], claimed };
}

function checkToken(open: Assignment, token: number): ClaimedAssignment | { readonly refused: Refusal } {
  if (open.phase === "assigned")
    return refuse("illegal_transition", "Claim this assignment first; the claim returns a token.");
  if (token === open.token) return open;
  return refuse(
    "stale_token",
    "A newer claim has replaced your claim; claim this assignment again after its lease has expired.",
  );
}

function claim(
  { state, open, actor }: AtAssignment<Assignment>,
  person: string,
  deps: CrossingDeps,
  at: Instant,
): PoolOutcome {
  if (!isCertifiedNow(state, deps, person, at)) return refuseUncertified(state, person, levelOf(deps));
  if (open.phase === "claimed" && open.leaseUntil >= at && open.claimedBy !== person) {
    const { claimedBy } = open;
    const leaseUntil = formatInstant(open.leaseUntil);
    return refuse("already_claimed", `${claimedBy} has the lease until ${leaseUntil}.`, {
      facts: { leaseUntil, claimedBy },
    });
  }
  const leaseUntil = at + leaseMs[open.mode];
  const claimed = withClaim(open, { claimedBy: person, claimedAt: at, leaseUntil });
  const data = { ...aboutAssignment(state, open), actor, leaseUntil: formatInstant(leaseUntil) };
  const before = { state: withAssignment(state, claimed), messages: [] };
  return { ...appendHandoffEvent(before, at, { type: "pool.claimed", data }), claimed };
}

/** Returns the assignment with a new lease and a new token. A person who repeats a claim may have lost the old token. */
function withClaim(
  open: Assignment,
  lease: Pick<ClaimedAssignment, "claimedBy" | "claimedAt" | "leaseUntil">,
): ClaimedAssignment {
  if (open.phase === "claimed") return { ...open, ...lease, token: open.token + 1 };
  const { acceptBy: _, ...terms } = open;
  return { ...terms, phase: "claimed", token: 1, ...lease };
}

function refuseUncertified({ material: { device = {} } }: CaseCrossing, person: string, level: number): PoolOutcome {
  const { os, model } = device;
  const named = [model, os].filter((text) => text !== undefined).join(" with ");
  return refuse("not_certified", `${person} has no valid skill of level ${level} for ${named}.`, {
    facts: { missing: { person, level, ...(os !== undefined && { os }), ...(model !== undefined && { model }) } },
  });
}

/**
 * Releases an assignment. A member of an incident then waits for its lead case. If another certified person of the pool is on duty, routing assigns the case to the pool again.
 * Otherwise, the next line step follows.
 */
function release(
  { state, open, actor }: AtAssignment<ClaimedAssignment>,
  deps: CrossingDeps,
  at: Instant,
): CrossingDecision {
  const { pool, mode, step, attempt, missing, claimedBy } = open;
  const released = releaseAssignment({ state, messages: [] }, at, "by-person", actor);
  const others = membersOf(state, deps, pool, at).certified.filter((person) => person !== claimedBy);
  const reason = { reason: "released", ...(missing !== undefined && { missing }) } as const;
  if (others.length === 0 || state.member !== undefined) {
    const beyond = { state: beyondPool(released.state, open), messages: released.messages };
    return takeNextStep(beyond, deps, at, { reason: "released" });
  }
  const { line } = deps;
  const ofLine = line.crossing[step];
  const isSame = ofLine?.kind === "pool" && ofLine.pool === pool;
  const acceptWithin = isSame ? stepWithin(ofLine, line, state.material.severity, at) : open.acceptWithin;
  return assign(released, deps, at, { pool, mode, step, attempt, acceptWithin, reason });
}
