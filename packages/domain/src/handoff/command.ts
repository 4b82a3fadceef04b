import {
  type Actor,
  type Engineer,
  type EventData,
  type Instant,
  type Refusal,
  type RejectCode,
  formatInstant,
  parseInstant,
  refusal,
} from "@crossline/contracts";
import { isUnsolved } from "../case/status.ts";
import type { Outcome } from "../decision.ts";
import { hold } from "../holder-times.ts";
import type { Line } from "../line/line.ts";
import {
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
import { about } from "./cross.ts";
import { type CaseCrossing, type CrossingDecision, type Handoff, tell, without } from "./crossing.ts";
import { canBeTaken } from "./page.ts";
import { tellEnded, updateDesk } from "./queue.ts";

type ReadBack = EventData<"handoff.accepted">["readBack"];

/** What a vendor's desk can do with a hand-off. Every command but `claim` needs the token that the claim gave. */
export type HandoffCommand =
  | { readonly type: "claim" }
  | { readonly type: "renew"; readonly token: number }
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

const leaseMs = { "live-assist": 90_000, ticket: 900_000 } as const;

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
): Outcome<CaseCrossing, CrossingDecision["messages"][number]> {
  const ground: Ground = { ...around, line };
  const { open } = state;
  if (open?.id !== handoffId) {
    return refuse("illegal_transition", "This hand-off is over: it lapsed, was withdrawn, rejected or resolved.");
  }
  if (command.type === "claim") return claim(state, open, actor, at);
  if (open.phase === "offered")
    return refuse("illegal_transition", "Claim this hand-off first; the claim gives a token.");
  if (command.token !== open.token) {
    return refuse(
      "stale_token",
      "Somebody has claimed this hand-off after you; claim it again once their lease has run out.",
    );
  }
  const given = { state, open, actor };
  const mine = { ...about(state, open), actor };
  switch (command.type) {
    case "resolve":
      return resolve(given, command, at);
    case "return":
      return giveBack(given, command, ground, at);
    case "transfer":
      return transfer(given, command, ground, at);
    default:
  }
  if (open.phase === "accepted") return refuse("illegal_transition", "This hand-off has been accepted already.");
  switch (command.type) {
    case "renew":
      return { state: { ...state, open: { ...open, leaseUntil: at + leaseMs[open.mode] } }, messages: [] };
    case "request-info":
      return requestInformation(given, command, ground, at);
    case "release": {
      const { leaseUntil: _, claimedBy: __, ...released } = withoutQuestion(open, line, state.material.severity, at);
      const offered: CaseCrossing = { ...state, open: { ...released, phase: "offered" } };
      return updateDesk(state, tell({ state: offered, messages: [] }, at, "handoff.released", mine), ground, at);
    }
    case "reject": {
      const { type: _, token: __, ...why } = command;
      return reject(given, why, ground, at);
    }
    case "accept":
      return accept(state, open, command, mine, at);
  }
}

function resolve(
  { state, open, actor }: { readonly state: CaseCrossing; readonly open: Handoff; readonly actor: Actor },
  command: Extract<HandoffCommand, { type: "resolve" }>,
  at: Instant,
): ReturnType<typeof commandHandoff> {
  const { type: _, token: __, ...cure } = command;
  if (open.phase !== "accepted") return refuse("illegal_transition", "Accept this hand-off before you resolve it.");
  if (state.joint !== undefined && cure.rootCause === undefined)
    return refuse("root_cause_needed", "A joint case is resolved with its root cause.");
  const told = tell({ state, messages: [] }, at, "handoff.resolved", { ...about(state, open), actor, ...cure });
  const over = { ...without(told.state, "open"), resolved: open };
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
): ReturnType<typeof commandHandoff> {
  const { open } = state;
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

function claim(state: CaseCrossing, open: Handoff, actor: Actor, at: Instant): ReturnType<typeof commandHandoff> {
  if (open.phase === "accepted") return refuse("illegal_transition", "This hand-off has been accepted already.");
  const { leaseUntil: leased, claimedBy } = open;
  const { person } = actor;
  // The person who holds the lease may have lost the token: the repeated claim gives a new one and ends the old one.
  const isRepeated = person !== undefined && person === claimedBy;
  if (open.phase !== "offered" && leased !== undefined && leased >= at && !isRepeated) {
    const until = formatInstant(leased);
    const facts = { leaseUntil: until, ...(claimedBy !== undefined && { claimedBy }) };
    const holder = claimedBy ?? "Another person of your desk";
    return { refused: refusal("already_claimed", `${holder} holds the lease until ${until}.`, { facts }) };
  }
  const leaseUntil = at + leaseMs[open.mode];
  // The person who takes it over finds the question still open.
  const phase = open.phase === "info-requested" ? open.phase : "claimed";
  const { claimedBy: _, ...unclaimed } = open;
  const claimed: Handoff = {
    ...unclaimed,
    phase,
    token: open.token + 1,
    leaseUntil,
    ...(person !== undefined && { claimedBy: person }),
  };
  const data = { ...about(state, open), actor, leaseUntil: formatInstant(leaseUntil) };
  return tell({ state: { ...state, open: claimed }, messages: [] }, at, "handoff.claimed", data);
}

function accept(
  state: CaseCrossing,
  open: Handoff,
  command: Extract<HandoffCommand, { type: "accept" }>,
  mine: ReturnType<typeof about>,
  at: Instant,
): ReturnType<typeof commandHandoff> {
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
  const data = { ...mine, vendorCaseId, nextStep, eta, readBack, dossierVersion, subject: { engineer } };
  const { asked: _, askedFor: __, goneMs: ___, ...answered } = open;
  const told = tell(
    { state: { ...state, open: { ...answered, phase: "accepted" } }, messages: [] },
    at,
    "handoff.accepted",
    data,
  );
  const ended = tellEnded(told, open, at, "accepted");
  return { state: hold(ended.state, open.vendor, at), messages: ended.messages };
}

/** A person takes a case whose line is used up, or that a roster is paged for: nobody else is called. */
export function take(
  state: CaseCrossing,
  person: Engineer,
  actor: Actor,
  at: Instant,
): ReturnType<typeof commandHandoff> {
  if (!canBeTaken(state) || !isUnsolved(state.status)) {
    return refuse(
      "illegal_transition",
      "Neither is the last resort being called for this case, nor is anybody paged to take it; there is nothing to take.",
    );
  }
  const told = tell({ state, messages: [] }, at, "handoff.taken", { actor, subject: { engineer: person } });
  return { state: without(without(told.state, "calling"), "paging"), messages: told.messages };
}

function refuse(code: Refusal["code"], detail: string): { readonly refused: Refusal } {
  return { refused: refusal(code, detail) };
}
