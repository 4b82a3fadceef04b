import { type Instant, type Refusal, parseInstant } from "@crossline/contracts";
import {
  type CaseCommand,
  type CaseDecision,
  type CaseState,
  causesAt,
  commandCase,
  isRefused,
  linkChanges,
  noSuchCase,
  noSuchChange,
  planNeedBy,
  refuseCommand,
  stepKey,
} from "@crossline/domain";
import { isRefusal } from "@crossline/service";
import type { CaseRow } from "../store/cases.ts";
import type { CaseOutcome } from "./change-responses.ts";
import { type Changes } from "./changes.ts";
import { addOrigin } from "./add-origin.ts";
import { completeMessage } from "./complete-message.ts";
import type { Snapshot } from "./load.ts";
import { refuseLine } from "./match-line.ts";
import type { CaseChange, CaseRequest, ChangeCommand } from "./request.ts";
import { lineKey } from "./requested-lines.ts";

/** Changes a case. The domain decides the change after intake has completed it with data of the snapshot. */
export function changeCase(
  changes: Changes,
  request: CaseRequest<ChangeCommand>,
  snapshot: Snapshot,
): CaseOutcome | Refusal {
  const { actor, command } = request;
  const row = changes.get(command.caseId);
  if (row === undefined) return noSuchCase;
  const isOwn = command.change.type === "match-known-error"; // intake's own command, which no company sends
  const unentitled = isOwn ? undefined : refuseCommand(row.state, command.change, actor.party);
  if (unentitled !== undefined) return unentitled;
  const at = Math.max(snapshot.now, row.state.lastEventAt);
  const change = completeChange(changes, request, snapshot, { row, at });
  if (isRefusal(change)) return change;
  const outcome = commandCase(row.state, change, actor, at);
  if (isRefused(outcome)) return outcome.refused;
  const { state, messages } = withCauses(outcome, request, snapshot, at);
  // After a move, the mode of the new line applies. In the mode `observe`, the case does not cross. In the mode `cross`, the case
  // crosses.
  const { observe = row.observe } = change;
  if (messages.length > 0)
    changes.change({ state, observe }, addOrigin(messages, request), snapshot.digests.get(request));
  return { state, messages, at };
}

/** Links a case to the changes that can be its cause after a correction. Other commands have no such changes. */
function withCauses(outcome: CaseDecision, request: CaseRequest, { causes }: Snapshot, at: Instant): CaseDecision {
  const possible = causes.get(request);
  if (possible === undefined || outcome.messages.length === 0) return outcome;
  return linkChanges(outcome, causesAt(possible, outcome.state, at), at);
}

type CompleteChange = CaseCommand & { readonly observe?: boolean };

/** Adds the data that the decision needs from the case, its line and its dossier, because the request does not contain that data. */
function completeChange(
  changes: Changes,
  request: CaseRequest<ChangeCommand>,
  snapshot: Snapshot,
  { row, at }: { readonly row: CaseRow; readonly at: Instant },
): CompleteChange | Refusal {
  const { change } = request.command;
  switch (change.type) {
    case "cross":
    case "lead-incident":
      return { ...change, observing: row.observe };
    case "add-entry":
      return completeEntry(change, changes, request, snapshot);
    case "write-message":
      return completeMessage(change, row.state, request, snapshot);
    case "move":
      return completeMove(change, row.state, snapshot);
    case "correct": {
      if (change.needBy == null) return change;
      const plan = snapshot.lines.find(row.state.line)?.line.needBy;
      return {
        ...change,
        ...(plan !== undefined && { feasibility: planNeedBy(plan, parseInstant(change.needBy), at) }),
      };
    }
    case "link-change": {
      const link = snapshot.links.get(request);
      return link === undefined ? noSuchChange.refused : { type: "link-change", link, reason: change.reason };
    }
    default:
      return change;
  }
}

/**
 * Adds `news` and `tried` to the change. `tried` is the last earlier entry with the same tried step. The function searches the stored
 * entries and the earlier entries of the unit of work.
 */
function completeEntry(
  change: Extract<CaseChange, { type: "add-entry" }>,
  { dossier }: Changes,
  request: CaseRequest<ChangeCommand>,
  { repeated, digests, attempts }: Snapshot,
): CaseCommand {
  const { caseId } = request.command;
  const { party } = request.actor;
  const digest = digests.get(request);
  const isRepeated = repeated.has(request) || (digest !== undefined && dossier.says(caseId, digest, party));
  const lastAttempt = attempts.get(request) ?? (change.step && dossier.tries(caseId, stepKey(change.step), party));
  return { ...change, news: !isRepeated, ...(lastAttempt !== undefined && { tried: lastAttempt }) };
}

function completeMove(
  { line: name, version, reason }: Extract<CaseChange, { type: "move" }>,
  { carrier }: CaseState,
  { lineRows, lines }: Snapshot,
): CompleteChange | Refusal {
  const newest = lineRows.get(lineKey({ carrier, name, version }))?.version ?? undefined;
  const found = newest === undefined ? undefined : lines.find({ carrier, name, version: newest });
  if (found === undefined) return refuseLine(`${carrier} has not published this version of ${name}.`);
  return { type: "move", to: found.line, reason, observe: found.line.observe };
}
