import {
  type Actor,
  type Engineer,
  type EventData,
  type Instant,
  type RejectCode,
  formatInstant,
  parseInstant,
} from "@crossline/contracts";
import { isRefused, refuse } from "../decision.ts";
import { changeHolder } from "../holder-times.ts";
import { withoutQuestion } from "./accept-by.ts";
import { aboutHandoff, appendHandoffEvent } from "./append-event.ts";
import type { CaseCrossing, CrossingOutcome } from "./case-crossing.ts";
import type { CrossingDeps } from "./deps.ts";
import { type Return, type Transfer, returnCase, rejectOffer, transferCase } from "./return-and-transfer.ts";
import { type LeasedHandoff, termsOf } from "./handoff.ts";
import { type InformationRequest, requestInformation } from "./information.ts";
import {
  type HandoffAtDesk,
  type LeaseCommand,
  refusalAfterAcceptance,
  checkToken,
  leaseHandoff,
  findOpenHandoff,
} from "./lease.ts";
import { endQueued, updateDesk } from "./vendor-queue.ts";
import { withOpen } from "./waits.ts";

type ReadBack = EventData<"handoff.accepted">["readBack"];

/** The commands of a vendor's desk. Every command except `claim` needs the token from the response to the claim. */
export type HandoffCommand = LeaseCommand | DeskCommand;

/** The commands of a desk that has the lease, or of a vendor that has accepted the case. */
export type DeskCommand =
  | { readonly type: "release"; readonly token: number }
  | {
      readonly type: "accept";
      readonly token: number;
      readonly engineer: Engineer;
      readonly vendorCaseId: string;
      readonly nextStep: string;
      readonly eta: string;
      readonly readBack: ReadBack;
      /** The `case.version` of the brief that the engineer read. */
      readonly dossierVersion: number;
    }
  | { readonly type: "reject"; readonly token: number; readonly code: RejectCode; readonly note?: string | undefined }
  | InformationRequest
  | Return
  | Transfer
  | {
      readonly type: "resolve";
      readonly token: number;
      readonly fixCode: string;
      /** Required for a joint case. */
      readonly rootCause?: string | undefined;
      readonly note?: string | undefined;
    };

/** A desk's command on a hand-off, with its actor. */
export type GivenDeskCommand = {
  readonly handoffId: string;
  readonly command: HandoffCommand;
  readonly actor: Actor;
};

/**
 * Decides a vendor's command on a hand-off at `at`, which is not before the case's last event. The caller has checked that the
 * actor's party is the vendor of the hand-off. A refusal changes nothing.
 */
export function commandHandoff(
  state: CaseCrossing,
  { handoffId, command, actor }: GivenDeskCommand,
  deps: CrossingDeps,
  at: Instant,
): CrossingOutcome {
  if (command.type === "claim" || command.type === "renew")
    return leaseHandoff(state, handoffId, command, { actor, at });
  const named = findOpenHandoff(state, handoffId);
  if (isRefused(named)) return named;
  const open = checkToken(named, command.token);
  if (isRefused(open)) return open;
  return open.phase === "accepted"
    ? commandAccepted({ state, open, actor }, command, deps, at)
    : commandLeased({ state, open, actor }, command, deps, at);
}

/** Decides the commands of a vendor that has accepted the case. */
function commandAccepted(desk: HandoffAtDesk, command: DeskCommand, deps: CrossingDeps, at: Instant): CrossingOutcome {
  switch (command.type) {
    case "resolve":
      return resolve(desk, command, at);
    case "return":
      return returnCase(desk, command, deps, at);
    case "transfer":
      return transferCase(desk, command, deps, at);
    default:
      return refusalAfterAcceptance;
  }
}

/** Decides the commands of a desk that has the lease, before the vendor accepts the case. */
function commandLeased(
  desk: HandoffAtDesk<LeasedHandoff>,
  command: DeskCommand,
  deps: CrossingDeps,
  at: Instant,
): CrossingOutcome {
  switch (command.type) {
    case "resolve":
      return refuse("illegal_transition", "Accept this hand-off before you resolve it.");
    case "return":
      return refuse("illegal_transition", "Only an accepted hand-off can be returned; reject this one.");
    case "transfer":
      return refuse("illegal_transition", "Only an accepted hand-off can be transferred; reject this one.");
    case "request-info":
      return requestInformation(desk, command, deps.line, at);
    case "release":
      return release(desk, deps, at);
    case "reject": {
      const { type: _, token: __, ...why } = command;
      return rejectOffer(desk, why, deps, at);
    }
    case "accept":
      return accept(desk, command, at);
  }
}

function release(
  { state, open, actor }: HandoffAtDesk<LeasedHandoff>,
  deps: CrossingDeps,
  at: Instant,
): CrossingOutcome {
  const claimed = withoutQuestion(open, deps.line, state.material.severity, at);
  const offered = { state: withOpen(state, { ...termsOf(claimed), phase: "offered" }), messages: [] };
  const data = { ...aboutHandoff(state, open), actor };
  const released = appendHandoffEvent(offered, at, { type: "handoff.released", data });
  return updateDesk(state, released, deps, at);
}

function resolve(
  { state, open, actor }: HandoffAtDesk,
  command: Extract<DeskCommand, { type: "resolve" }>,
  at: Instant,
): CrossingOutcome {
  const { type: _, token: __, ...cure } = command;
  if (state.joint !== undefined && cure.rootCause === undefined)
    return refuse("root_cause_needed", "A joint case cannot be resolved without its root cause.");
  const data = { ...aboutHandoff(state, open), actor, ...cure };
  const resolved = appendHandoffEvent({ state, messages: [] }, at, { type: "handoff.resolved", data });
  const waiting: CaseCrossing = { ...resolved.state, waits: { for: "confirmation", handoff: open } };
  return { state: changeHolder(waiting, state.carrier, at), messages: resolved.messages };
}

function accept(
  { state, open, actor }: HandoffAtDesk<LeasedHandoff>,
  command: Extract<DeskCommand, { type: "accept" }>,
  at: Instant,
): CrossingOutcome {
  const { version, changes } = state.material;
  const { engineer, vendorCaseId, nextStep, eta, readBack, dossierVersion } = command;
  if (dossierVersion !== version) {
    const changedSince = changes.filter((change) => change.version > dossierVersion).map(({ what }) => what);
    const detail = "The dossier has changed since you read it; read it again and repeat the acceptance.";
    return refuse("stale_version", detail, { facts: { version, changedSince } });
  }
  if (parseInstant(eta) < at) {
    const fields = [{ at: "/eta", message: `must not be before ${formatInstant(at)}` }];
    return refuse("invalid_request", "The ETA is in the past.", { fields });
  }
  const terms = { vendorCaseId, nextStep, eta, readBack, dossierVersion, subject: { engineer } };
  const data = { ...aboutHandoff(state, open), actor, ...terms };
  const accepted = { state: withOpen(state, { ...termsOf(open), phase: "accepted" }), messages: [] };
  const published = appendHandoffEvent(accepted, at, { type: "handoff.accepted", data });
  const ended = endQueued(published, open, at, "accepted");
  return { state: changeHolder(ended.state, open.vendor, at), messages: ended.messages };
}
