import { type Refusal, newId, parseInstant, refusal } from "@crossline/contracts";
import { caseLineRules, causesAt, linkChanges, openCase as decideOpening, planNeedBy } from "@crossline/domain";
import { isRefusal } from "@crossline/service";
import { type Changes } from "./changes.ts";
import { addOrigin } from "./add-origin.ts";
import type { CaseOutcome } from "./change-responses.ts";
import { type Snapshot, carrierCaseKey, storedLine } from "./load.ts";
import type { CaseRequest, OpenCommand } from "./request.ts";
import { withProblems } from "./problems-of-opening.ts";
import { alikeOf } from "./similar-cases.ts";

/**
 * Opens a case under the line that the snapshot chose for the request. Refuses the request if its carrier's case id already belongs to
 * a case.
 */
export function openCase(
  changes: Changes,
  request: CaseRequest<OpenCommand>,
  snapshot: Snapshot,
): CaseOutcome | Refusal {
  const { actor, command } = request;
  const { body, follows, canary } = command;
  const { now: at, lines, takenIds, similar, causes } = snapshot;
  const name = carrierCaseKey(body.timeline, actor.party, body.carrierCaseId);
  const caseId = takenIds.get(name);
  if (caseId !== undefined) {
    const detail = `On this timeline, the carrier's case ${body.carrierCaseId} already exists as ${caseId}.`;
    return refusal("already_exists", detail, { facts: { caseId } });
  }
  const chosen = snapshot.chosen.get(request);
  if (chosen === undefined) throw new Error("no line was chosen for an opening");
  if (isRefusal(chosen)) return chosen;
  const { person: _, automated: __, line: ___, handling: ____, ...facts } = body;
  const line = storedLine(chosen, lines);
  const plan = line?.needBy;
  const opening = { request, line, at };
  const id = newId("cs");
  const opened = decideOpening(
    {
      ...facts,
      line: chosen.ref,
      lineReason: chosen.reason,
      id,
      status: "acknowledged",
      ...(line !== undefined && caseLineRules(line)),
      ...(plan !== undefined &&
        body.needBy !== undefined && { feasibility: planNeedBy(plan, parseInstant(body.needBy), at) }),
      ...(follows !== undefined && { follows }),
      ...(canary !== undefined && { canary }),
      ...alikeOf(similar, opening),
    },
    actor,
    at,
  );
  const links = causesAt(causes.get(request) ?? [], body, at);
  const { state, messages } = linkChanges(withProblems(opened, opening, similar.problems, changes.dossier), links, at);
  takenIds.set(name, id);
  changes.open({ state, observe: chosen.observes }, addOrigin(messages, request));
  return { state, messages, at };
}
