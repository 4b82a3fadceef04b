import { type Instant, type Refusal, parseInstant } from "@crossline/contracts";
import {
  type CaseCommand,
  type CaseState,
  commandCase,
  isRefused,
  noSuchCase,
  planNeedBy,
  refuseCommand,
  stepKey,
} from "@crossline/domain";
import { isRefusal } from "@crossline/service";
import type { CaseRow } from "../store/cases.ts";
import type { CaseOutcome } from "./change-responses.ts";
import { type Changes, addTrace } from "./changes.ts";
import type { Snapshot } from "./load.ts";
import { refuseLine } from "./match-line.ts";
import type { CaseChange, CaseRequest, ChangeCommand } from "./request.ts";
import { lineKey } from "./requested-lines.ts";

/** Changes a case: completes the request's change from the snapshot, and lets the domain decide it. */
export function changeCase(
  changes: Changes,
  request: CaseRequest<ChangeCommand>,
  snapshot: Snapshot,
): CaseOutcome | Refusal {
  const { actor, traceparent, command } = request;
  const row = changes.get(command.caseId);
  if (row === undefined) return noSuchCase;
  const unentitled = refuseCommand(row.state, command.change, actor.party);
  if (unentitled !== undefined) return unentitled;
  const at = Math.max(snapshot.now, row.state.lastEventAt);
  const change = completeChange(changes, request, snapshot, { row, at });
  if (isRefusal(change)) return change;
  const outcome = commandCase(row.state, change, actor, at);
  if (isRefused(outcome)) return outcome.refused;
  const { state, messages } = outcome;
  // A case that moves to a line that only measures is only measured from then on, and the other way round.
  const { observe = row.observe } = change;
  if (messages.length > 0)
    changes.change({ state, observe }, addTrace(messages, traceparent), snapshot.digests.get(request));
  return { state, messages, at };
}

type CompleteChange = CaseCommand & { readonly observe?: boolean };

/** Adds to a change what a request cannot know: the rest of its case, of its line and of the dossier. */
function completeChange(
  changes: Changes,
  request: CaseRequest<ChangeCommand>,
  snapshot: Snapshot,
  { row, at }: { readonly row: CaseRow; readonly at: Instant },
): CompleteChange | Refusal {
  const { change } = request.command;
  switch (change.type) {
    case "cross":
      return { ...change, observing: row.observe };
    case "add-entry":
      return completeEntry(change, changes, request, snapshot);
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
    default:
      return change;
  }
}

/** Whether an entry is news, and who has tried its step: by the store, or by an entry of this very unit of work. */
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
  const tried = attempts.get(request) ?? (change.step && dossier.tries(caseId, stepKey(change.step), party));
  return { ...change, news: !isRepeated, ...(tried !== undefined && { tried }) };
}

function completeMove(
  { line: name, version, reason }: Extract<CaseChange, { type: "move" }>,
  { carrier }: CaseState,
  { lineRows, lines }: Snapshot,
): CompleteChange | Refusal {
  const found = lineRows.get(lineKey({ carrier, name, version }))?.version ?? undefined;
  const known = found === undefined ? undefined : lines.find({ carrier, name, version: found });
  if (known === undefined) return refuseLine(`${carrier} has published no such version of ${name}.`);
  return { type: "move", to: known.line, reason, observe: known.line.observe };
}
