import { formatInstant, newId, refusal } from "@crossline/contracts";
import { countsFor, isRefused, mergeCases, noSuchCase } from "@crossline/domain";
import type { Batch } from "./batch.ts";
import type { MergeItem } from "./item.ts";
import { type Decided, type Read, traced } from "./read.ts";

/** What the timer said was of another moment: asked again, it will know. */
export const staleClocks = refusal("stale_version", "The case has changed while it was looked at; try again.");

/** Merges a case into another in a batch: both are locked, and both change or neither. */
export function merge(batch: Batch, item: MergeItem, read: Read): Decided {
  const { caseId, into, reason, left, actor, traceparent } = item;
  const [source, target] = [batch.get(caseId), batch.get(into)];
  if (source === undefined || target === undefined) return noSuchCase;
  const at = Math.max(read.now, source.state.lastEventAt, target.state.lastEventAt);
  const known = read.known.get(caseId) ?? { contacts: { byChannel: {} }, entries: [] };
  const { channel, openedAt, contacts, mergedContacts = 0 } = source.state;
  const { byChannel, lastAt = openedAt } = known.contacts;
  const merged = mergeCases(
    source.state,
    target.state,
    {
      actor,
      reason,
      clocks: [...left.clocks],
      entries: [...known.entries],
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
  if (left.asOf !== countsFor(source.state, actor.party).sequence) return staleClocks;
  for (const [row, decision] of [
    [source, merged.source],
    [target, merged.target],
  ] as const)
    batch.change({ ...row, state: decision.state }, traced(decision.messages, traceparent));
  batch.merge({ source: caseId, target: into });
  return item.answer({ ...merged.target, at, party: actor.party });
}
