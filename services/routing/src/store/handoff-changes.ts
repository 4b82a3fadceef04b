import {
  type EventData,
  type Evidence,
  type HandoffEvent,
  type HandoffPhase,
  type Instant,
  type QueueEvent,
  parseInstant,
} from "@crossline/contracts";
import { type CaseCrossing, openHandoffOf } from "@crossline/domain";

/**
 * A change of a hand-off's row. If `leaseUntil` is missing, the change ends the lease. The change leaves the stored value of
 * every other missing field.
 */
export type HandoffChange = {
  readonly handoffId: string;
  readonly phase: HandoffPhase;
  readonly leaseUntil?: Instant;
  readonly acceptBy?: Instant;
  readonly claimedAt?: Instant;
  readonly acceptedAt?: Instant;
  readonly endedAt?: Instant;
  readonly settledAt?: Instant;
  readonly acceptance?: Omit<EventData<"handoff.accepted">, "handoffId" | "vendor" | "queue" | "actor">;
  readonly ending?: {
    readonly code?: string;
    readonly evidence?: Evidence;
    readonly to?: string;
    readonly fixCode?: string;
    readonly rootCause?: string;
    readonly reason?: string;
    readonly note?: string;
  };
};

/** A new hand-off, with its changes since the offer. */
export type NewHandoff = HandoffChange & {
  readonly caseId: string;
  readonly timeline: string;
  readonly offeredAt: Instant;
  readonly offer: EventData<"handoff.offered">;
};

export type HandoffChanges = { readonly offered: readonly NewHandoff[]; readonly changed: readonly HandoffChange[] };

/** Returns the new and changed rows of hand-offs after consecutive decisions on one case. */
export function changesOf(
  before: CaseCrossing | undefined,
  after: CaseCrossing,
  messages: readonly (HandoffEvent | QueueEvent)[],
): HandoffChanges {
  const changes = new Map<string, HandoffChange | NewHandoff>();
  for (const message of messages) {
    const change = changeBy(message);
    if (change === undefined) continue;
    const { leaseUntil: _, ...earlier } = changes.get(change.handoffId) ?? {};
    changes.set(change.handoffId, { ...earlier, ...change });
  }
  const open = openHandoffOf(after);
  const was = openHandoffOf(before);
  // An information request does not end the lease, and a new claim does not end the information request.
  if (open?.phase === "claimed" || open?.phase === "info-requested") {
    const { id: handoffId, leaseUntil, phase } = open;
    if (changes.has(handoffId)) changes.set(handoffId, { ...changes.get(handoffId), handoffId, phase, leaseUntil });
  }
  // After an information request, the vendor has the rest of its time, so `acceptBy` moves to a later instant.
  if (open?.acceptBy !== undefined && open.id === was?.id && open.acceptBy !== was.acceptBy) {
    const { id: handoffId, acceptBy, phase } = open;
    changes.set(handoffId, { ...changes.get(handoffId), handoffId, phase, acceptBy });
  }
  const all = [...changes.values()];
  return {
    offered: all.filter((change): change is NewHandoff => "offer" in change),
    changed: all.filter((change) => !("offer" in change)),
  };
}

function changeBy(message: HandoffEvent | QueueEvent): HandoffChange | NewHandoff | undefined {
  const { type, key: caseId, time, timeline, data } = message;
  switch (type) {
    case "handoff.offered":
      return { handoffId: data.handoffId, phase: "offered", caseId, timeline, offeredAt: time, offer: data };
    // The deadline of an offer is only in the record `queue.offered`, which follows `handoff.offered`.
    case "queue.offered":
      return {
        handoffId: data.handoffId,
        phase: "offered",
        ...(data.acceptBy !== undefined && { acceptBy: parseInstant(data.acceptBy) }),
      };
    case "handoff.claimed":
      return { ...leaseChangeOf(data), claimedAt: time };
    case "handoff.renewed":
      return leaseChangeOf(data);
    case "handoff.released":
      return { handoffId: data.handoffId, phase: "offered" };
    case "handoff.accepted": {
      const { handoffId, vendor: _, queue: __, actor: ___, ...acceptance } = data;
      return { handoffId, phase: "accepted", acceptedAt: time, acceptance };
    }
    case "handoff.rejected":
      return {
        handoffId: data.handoffId,
        phase: "rejected",
        endedAt: time,
        ending: { code: data.code, ...noteOf(data) },
      };
    case "handoff.resolved": {
      const { fixCode, rootCause } = data;
      const ending = { fixCode, ...(rootCause !== undefined && { rootCause }), ...noteOf(data) };
      return { handoffId: data.handoffId, phase: "resolved", endedAt: time, ending };
    }
    case "handoff.lapsed":
      return { handoffId: data.handoffId, phase: "lapsed", endedAt: time };
    case "handoff.withdrawn":
      return { handoffId: data.handoffId, phase: "withdrawn", endedAt: time, ending: { reason: data.reason } };
    case "handoff.confirmed":
      return { handoffId: data.handoffId, phase: "confirmed", settledAt: time };
    case "handoff.reopened":
      return { handoffId: data.handoffId, phase: "reopened", settledAt: time };
    case "handoff.info-requested":
      return { handoffId: data.handoffId, phase: "info-requested" };
    case "handoff.info-provided":
      return { handoffId: data.handoffId, phase: "claimed" };
    case "handoff.returned": {
      const ending = { code: data.code, evidence: data.evidence, ...noteOf(data) };
      return { handoffId: data.handoffId, phase: "returned", endedAt: time, ending };
    }
    case "handoff.transferred": {
      const { code, to, evidence } = data;
      const ending = { code, to, ...(evidence !== undefined && { evidence }), ...noteOf(data) };
      return { handoffId: data.handoffId, phase: "transferred", endedAt: time, ending };
    }
    default: // No other event changes a hand-off.
      return undefined;
  }
}

function leaseChangeOf({ handoffId, leaseUntil }: EventData<"handoff.claimed" | "handoff.renewed">): HandoffChange {
  return { handoffId, phase: "claimed", leaseUntil: parseInstant(leaseUntil) };
}

function noteOf({ note }: { readonly note?: string | undefined }): { readonly note?: string } {
  return note === undefined ? {} : { note };
}
