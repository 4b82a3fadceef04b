import {
  type Actor,
  type Engineer,
  type EventData,
  type Instant,
  type RejectCode,
  formatInstant,
  parseInstant,
  refusal,
} from "@crossline/contracts";
import { refuse } from "../case/answers.ts";
import { isUnsolved } from "../case/status.ts";
import { type Outcome, isRefused } from "../decision.ts";
import { hold } from "../holder-times.ts";
import type { Line } from "../line/line.ts";
import {
  type Given,
  type InformationRequest,
  type Return,
  type Transfer,
  giveBack,
  provideInformation,
  reject,
  requestInformation,
  transfer,
} from "./give-back.ts";
import { type Around, type Ground, nothingAround } from "./ground.ts";
import { withoutQuestion } from "./accept-by.ts";
import { about } from "./next-step.ts";
import { type CaseCrossing, type CrossingDecision, tell } from "./case-crossing.ts";
import { type LeasedHandoff, termsOf } from "./handoff.ts";
import { type LeaseCommand, acceptedAlready, heldWith, leaseHandoff, openAs } from "./lease.ts";
import { canBeTaken, wasPaged } from "./pages.ts";
import { tellEnded, updateDesk } from "./vendor-queue.ts";
import { openOf, withOpen, withoutWait } from "./waits.ts";
import { standingsIn } from "../reading/refuse-command.ts";
import { refuseAct } from "../reading/refuse-act.ts";

type ReadBack = EventData<"handoff.accepted">["readBack"];

/** What a vendor's desk can do with a hand-off. Every command but `claim` needs the token that the claim gave. */
export type HandoffCommand = LeaseCommand | DeskCommand;

/** What a desk does with a hand-off that it has. */
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
      /** The brief's `case.version` that the engineer read. */
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
      /** Needed where the case is joint. */
      readonly rootCause?: string | undefined;
      readonly note?: string | undefined;
    };

type Answer = Outcome<CaseCrossing, CrossingDecision["messages"][number]>;

/**
 * Decides a vendor's command on the hand-off `handoffId`, at instant `at` (not before the case's last event). The caller
 * has checked that the actor's party is the hand-off's vendor. A refusal changes nothing.
 */
export function commandHandoff(
  state: CaseCrossing,
  handoffId: string,
  command: HandoffCommand,
  actor: Actor,
  line: Line,
  at: Instant,
  around: Around = nothingAround,
): Answer {
  if (command.type === "claim" || command.type === "renew")
    return leaseHandoff(state, handoffId, command, { actor, at });
  const found = openAs(state, handoffId);
  if (isRefused(found)) return found;
  const open = heldWith(found, command.token);
  if (isRefused(open)) return open;
  const ground: Ground = { ...around, line };
  return open.phase === "accepted"
    ? commandAccepted({ state, open, actor }, command, ground, at)
    : commandLeased({ state, open, actor }, command, ground, at);
}

/** What a vendor does with a case that it has accepted. */
function commandAccepted(given: Given, command: DeskCommand, ground: Ground, at: Instant): Answer {
  switch (command.type) {
    case "resolve":
      return resolve(given, command, at);
    case "return":
      return giveBack(given, command, ground, at);
    case "transfer":
      return transfer(given, command, ground, at);
    default:
      return acceptedAlready;
  }
}

/** What a desk that has the lease does before its vendor accepts. */
function commandLeased(given: Given<LeasedHandoff>, command: DeskCommand, ground: Ground, at: Instant): Answer {
  const { state, open, actor } = given;
  switch (command.type) {
    case "resolve":
      return refuse("illegal_transition", "Accept this hand-off before you resolve it.");
    case "return":
      return refuse("illegal_transition", "Only what has been accepted is returned; reject this.");
    case "transfer":
      return refuse("illegal_transition", "Only what has been accepted is transferred; reject this.");
    case "request-info":
      return requestInformation(given, command, ground, at);
    case "release": {
      const claimed = withoutQuestion(open, ground.line, state.material.severity, at);
      const offered = withOpen(state, { ...termsOf(claimed), phase: "offered" });
      const data = { ...about(state, open), actor };
      return updateDesk(state, tell({ state: offered, messages: [] }, at, "handoff.released", data), ground, at);
    }
    case "reject": {
      const { type: _, token: __, ...why } = command;
      return reject(given, why, ground, at);
    }
    case "accept":
      return accept(given, command, at);
  }
}

function resolve(
  { state, open, actor }: Given,
  command: Extract<DeskCommand, { type: "resolve" }>,
  at: Instant,
): Answer {
  const { type: _, token: __, ...cure } = command;
  if (state.joint !== undefined && cure.rootCause === undefined)
    return refuse("root_cause_needed", "A joint case is resolved with its root cause.");
  const told = tell({ state, messages: [] }, at, "handoff.resolved", { ...about(state, open), actor, ...cure });
  const over: CaseCrossing = { ...told.state, waits: { for: "confirmation", handoff: open } };
  return { state: hold(over, state.carrier, at), messages: told.messages };
}

/** The carrier's answer; `items`: of what was asked for, what it gives. Without it that is all of it. */
export type Information = { readonly answer: string; readonly items?: readonly string[] | undefined };

/** The carrier answers what a vendor has asked before it accepts. */
export function inform(
  state: CaseCrossing,
  handoffId: string,
  { answer, items }: Information,
  actor: Actor,
  ground: Ground,
  at: Instant,
): Answer {
  const open = openOf(state);
  const refused = refuseAct(standingsIn(state, actor.party), "provide-information");
  if (refused !== undefined) return { refused };
  if (open?.id !== handoffId || open.phase !== "info-requested")
    return refuse("illegal_transition", "This hand-off has no question that is open.");
  const { askedFor = [] } = open;
  const unasked = items?.find((item) => !askedFor.includes(item));
  if (unasked !== undefined) {
    const fields = [{ at: "/items", message: `${unasked} was not asked for` }];
    return { refused: refusal("invalid_request", "An answer gives items that were asked for.", { fields }) };
  }
  const given = items ?? askedFor;
  const told = { answer, bestEffort: false, ...(given.length > 0 && { items: [...given] }) };
  return updateDesk(state, provideInformation({ state, messages: [] }, open, actor, told, ground, at), ground, at);
}

function accept(
  { state, open, actor }: Given<LeasedHandoff>,
  command: Extract<DeskCommand, { type: "accept" }>,
  at: Instant,
): Answer {
  const { version, changes } = state.material;
  const { engineer, vendorCaseId, nextStep, eta, readBack, dossierVersion } = command;
  if (dossierVersion !== version) {
    const since = changes.filter((change) => change.version > dossierVersion).map(({ what }) => what);
    return {
      refused: refusal(
        "stale_version",
        "The dossier has changed since you read it; read it again and repeat the acceptance.",
        {
          facts: { version, changedSince: since },
        },
      ),
    };
  }
  if (parseInstant(eta) < at) {
    return {
      refused: refusal("invalid_request", "The ETA lies in the past.", {
        fields: [{ at: "/eta", message: `must not be before ${formatInstant(at)}` }],
      }),
    };
  }
  const said = { vendorCaseId, nextStep, eta, readBack, dossierVersion, subject: { engineer } };
  const data = { ...about(state, open), actor, ...said };
  const now = withOpen(state, { ...termsOf(open), phase: "accepted" });
  const told = tell({ state: now, messages: [] }, at, "handoff.accepted", data);
  const ended = tellEnded(told, open, at, "accepted");
  return { state: hold(ended.state, open.vendor, at), messages: ended.messages };
}

/** A person takes a case whose line is used up, or that a roster is paged for: nobody else is called. */
export function take(state: CaseCrossing, person: Engineer, actor: Actor, at: Instant): Answer {
  const refused = refuseAct(standingsIn(state, actor.party), "take");
  // The people of a company that was paged take the case, whatever its part.
  if (refused !== undefined && !wasPaged(state, actor.party)) return { refused };
  if (!canBeTaken(state) || !isUnsolved(state.status)) {
    return refuse(
      "illegal_transition",
      "Neither is the last resort being called for this case, nor is anybody paged to take it; there is nothing to take.",
    );
  }
  const told = tell({ state, messages: [] }, at, "handoff.taken", { actor, subject: { engineer: person } });
  return { state: withoutWait(told.state), messages: told.messages };
}
