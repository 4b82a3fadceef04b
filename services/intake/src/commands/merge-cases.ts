import { type Refusal, formatInstant, newId, refusal } from "@crossline/contracts";
import { countsFor, isRefused, mergeCases as decideMerge, noSuchCase } from "@crossline/domain";
import type { CaseHistory } from "../store/merging.ts";
import type { CaseOutcome } from "./change-responses.ts";
import { type Changes } from "./changes.ts";
import { addOrigin } from "./add-origin.ts";
import type { Snapshot } from "./load.ts";
import type { CaseRequest, MergeCommand } from "./request.ts";

const noHistory: CaseHistory = { contacts: { byChannel: {} }, entries: [] };

/**
 * Merges the source case into the target case. The caller has locked both cases. Either both cases change, or neither case changes.
 * Refuses the merge if the source case has changed since intake read the clocks of that case.
 */
export function mergeCases(
  changes: Changes,
  request: CaseRequest<MergeCommand>,
  snapshot: Snapshot,
): CaseOutcome | Refusal {
  const { actor, command } = request;
  const { caseId, into, reason, reading } = command;
  const [source, target] = [changes.get(caseId), changes.get(into)];
  if (source === undefined || target === undefined) return noSuchCase;
  const at = Math.max(snapshot.now, source.state.lastEventAt, target.state.lastEventAt);
  const { contacts: laterContacts, entries } = snapshot.histories.get(caseId) ?? noHistory;
  const { channel, openedAt, contacts, mergedContacts = 0 } = source.state;
  const { byChannel, lastAt = openedAt } = laterContacts;
  const merged = decideMerge(
    source.state,
    target.state,
    {
      actor,
      reason,
      clocks: [...reading.clocks],
      entries: [...entries],
      contacts: {
        count: contacts + mergedContacts,
        byChannel: { ...byChannel, [channel]: (byChannel[channel] ?? 0) + 1 },
        lastAt: formatInstant(lastAt),
      },
      observing: { source: source.observe, target: target.observe },
      promiseId: () => newId("pr"),
      entryId: newId("en"),
    },
    at,
  );
  if (isRefused(merged)) return merged.refused;
  if (reading.asOf !== countsFor(source.state, actor.party).sequence)
    return refusal("stale_version", "The case has changed since intake read its clocks. Try again.");
  changes.change({ ...source, state: merged.source.state }, addOrigin(merged.source.messages, request));
  changes.change({ ...target, state: merged.target.state }, addOrigin(merged.target.messages, request));
  changes.merge({ source: caseId, target: into });
  return { ...merged.target, at };
}
