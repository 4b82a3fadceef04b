import type { Situation } from "./command.ts";
import type { FormCommand } from "../../ui/form-command.ts";
import { addEntry } from "./entry.ts";
import { answerQuestion, nameJointPerson, recordSession, take } from "./people.ts";
import { partOf } from "./role.ts";
import {
  cancel,
  changeSeverity,
  close,
  confirm,
  cross,
  declineSeverity,
  pause,
  reopen,
  resume,
  solve,
} from "./steer.ts";
import { addContact, makePromise, writeMessage } from "./work.ts";

const startable: ReadonlySet<string> = new Set([
  "acknowledged",
  "pending",
  "held",
  "reopened",
  "assessingCancellation",
]);
const pausable: ReadonlySet<string> = new Set(["acknowledged", "inProgress", "held", "reopened"]);

/** Returns the commands that the API can accept from the person in the state of the case, the most urgent first. */
export function offeredCommands(situation: Situation): readonly FormCommand[] {
  const part = partOf(situation);
  if (!part.mayAct || !part.hasRole) return [];
  const { isCarrier, isHolder, isUnsolved, isEnded, isJoint } = part;
  const { shown, handoffs } = situation;
  const { status } = shown;
  const isRinging = shown.lastResortCalls > 0 || handoffs?.lastResort !== undefined;
  const canCross = shown.handoff === undefined && !shown.crossingRequested && !isRinging && shown.canary === undefined;
  const isSteered = isCarrier || isHolder;
  const isCarriersOwn = isCarrier && shown.handoff?.phase !== "accepted";
  const choices: readonly (readonly [boolean, (given: Situation) => FormCommand])[] = [
    [isRinging && isUnsolved, take],
    [isCarrier && shown.handoff?.phase === "info-requested", answerQuestion],
    [true, addEntry],
    [isCarrier && isUnsolved && canCross, cross],
    [status === "resolved" && isCarrier, confirm],
    [(status === "resolved" || status === "closed") && isCarrier && shown.mergedInto === undefined, reopen],
    [!isEnded, makePromise],
    [isCarrier, (given) => writeMessage(given)],
    [true, addContact],
    [isCarriersOwn && isUnsolved && status !== "assessingCancellation", solve],
    [isJoint || (isCarrier && shown.joint !== undefined && !isEnded), nameJointPerson],
    [isJoint || (isCarrier && shown.joint !== undefined && !isEnded), recordSession],
    [isSteered && isUnsolved, changeSeverity],
    [isCarrier && isUnsolved && shown.proposedSeverity !== undefined, declineSeverity],
    [isSteered && startable.has(status), resume],
    [isSteered && pausable.has(status), pause],
    [isCarrier && !isEnded && (shown.joint === undefined || shown.rootCause !== undefined), close],
    [isCarrier && isUnsolved, cancel],
  ];
  return choices.filter(([isOffered]) => isOffered).map(([, create]) => create(situation));
}
