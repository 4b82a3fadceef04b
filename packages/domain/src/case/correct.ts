import { type Actor, type Device, type EventData, type Instant, type Subject } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { canonicalJson } from "../dossier/canonical.ts";
import type { Feasibility } from "../line/need-by.ts";
import { refuseTransition } from "./transition.ts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseOutcome, CaseState } from "./case.ts";
import { isEnded } from "./status.ts";
import { correctDevice, refuseIdentity } from "./subject.ts";
import { recordDecision } from "./record-decision.ts";

/**
 * The command to correct a case. `feasibility` is the feasibility of the corrected need-by, if the line has a plan. `entryId` is
 * the caller's id for the dossier entry about the correction.
 */
export type CorrectCommand = {
  readonly type: "correct";
  readonly entryId?: string | undefined;
  readonly reason: string;
  readonly title?: string | undefined;
  /** The complete device. If a field is absent, its value is unknown. */
  readonly device?: Device | undefined;
  readonly symptom?: string | undefined;
  /** `null`: the customer has no need-by. */
  readonly needBy?: string | null | undefined;
  /** All identities of the device. */
  readonly subject?: Subject | undefined;
  readonly feasibility?: Feasibility | undefined;
};

/**
 * Corrects fields of a case and records an entry that all companies of the case read. The line does not change. A correction
 * that changes nothing is accepted and has no effect, because it can be a repeated request.
 */
export function correctCase(
  state: CaseState,
  { entryId, reason, feasibility, title, device, symptom, needBy, subject }: CorrectCommand,
  actor: Actor,
  at: Instant,
): CaseOutcome {
  if (isEnded(state.status)) return refuseTransition(state, "correct", "Reopen it first.");
  const requested = { title, device, symptom, needBy, subject };
  const refusal = refuseIdentity(subject);
  if (refusal !== undefined) return { refused: refusal };
  if (Object.values(requested).every((value) => value === undefined)) {
    const fields = [{ at: "", message: "needs title, device, symptom, needBy or subject" }];
    return refuse("invalid_request", "A correction needs at least one corrected field.", { fields });
  }
  const corrected = correctedFields(state, requested);
  if (Object.keys(corrected).length === 0) return { state, messages: [] };
  const data = { actor, reason, ...corrected, from: formerFields(state, corrected) };
  const appended = appendCaseEvent({ state, messages: [] }, at, { type: "case.corrected", data });
  const withEntry =
    entryId === undefined ? appended : recordDecision(appended, { actor, entryId, text: textOf(data) }, at);
  return { ...withEntry, state: withCorrection(withEntry.state, corrected, feasibility) };
}

type CorrectedFields = Pick<EventData<"case.corrected">, "title" | "device" | "symptom" | "needBy" | "subject">;

/** Returns the given fields whose values differ from the values in the case. */
function correctedFields(
  state: CaseState,
  { title, device, symptom, needBy, subject }: Partial<CorrectCommand>,
): CorrectedFields {
  const isOther = (one: unknown, other: unknown): boolean =>
    canonicalJson(one ?? null) !== canonicalJson(other ?? null);
  const isOtherSubject = subject !== undefined && isOther(correctDevice(state.subject, subject), state.subject ?? {});
  return {
    ...(title !== undefined && title !== state.title && { title }),
    ...(device !== undefined && isOther(device, state.device) && { device }),
    ...(symptom !== undefined && symptom !== state.symptom && { symptom }),
    ...(needBy !== undefined && isOther(needBy, state.needBy) && { needBy }),
    ...(isOtherSubject && { subject }),
  };
}

function formerFields(
  { title, device, symptom, needBy }: CaseState,
  corrected: CorrectedFields,
): EventData<"case.corrected">["from"] {
  return {
    ...(corrected.title !== undefined && { title }),
    ...(corrected.device !== undefined && { device }),
    ...(corrected.symptom !== undefined && { symptom }),
    ...(corrected.needBy !== undefined && { needBy }),
  };
}

function withCorrection(state: CaseState, corrected: CorrectedFields, feasibility: Feasibility | undefined): CaseState {
  const { title = state.title, device = state.device, symptom = state.symptom, needBy, subject } = corrected;
  const { feasibility: former, ...rest } = state;
  const planned = needBy === undefined ? former : needBy === null ? undefined : feasibility;
  return {
    ...rest,
    title,
    device,
    symptom,
    needBy: needBy === undefined ? state.needBy : (needBy ?? undefined),
    subject: subject === undefined ? state.subject : correctDevice(state.subject, subject),
    ...(planned !== undefined && { feasibility: planned }),
    crossingVersion: state.version,
  };
}

/**
 * Returns the text of the entry. Identities of the device are personal data, so the text mentions only that the identities
 * changed.
 */
function textOf({ reason, from, subject, ...corrected }: EventData<"case.corrected">): string {
  const changes = (["title", "device", "symptom", "needBy"] as const)
    .filter((name) => corrected[name] !== undefined)
    .map((name) => `${name} from ${inWords(from[name])} to ${inWords(corrected[name])}`);
  const what = [...changes, ...(subject === undefined ? [] : ["the identities of the device"])];
  return `Corrected: ${what.join("; ")}. ${reason}`;
}

function inWords(value: string | Device | null | undefined): string {
  if (value === undefined || value === null) return "none";
  if (typeof value === "string") return `"${value}"`;
  return `"${[value.vendor, value.model, value.os].filter((part) => part !== undefined).join(" ")}"`;
}
