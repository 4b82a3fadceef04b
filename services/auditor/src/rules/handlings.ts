import type { EventOf } from "@crossline/contracts";
import type { CaseState } from "./case-state.ts";
import type { AuditedLine } from "./audited-line.ts";

const handlingsMax = 20;
const silentAfterMs = 180_000;

type HandlingEvent = EventOf<"handling.started" | "handling.continued">;

/**
 * Applies the start or a heartbeat of a handling. A handling is live until 3 minutes after its last heartbeat, but at least for
 * `handlingMaxMs`. The state contains only the last 20 handlings of each party.
 */
export function recordHeartbeat(
  state: CaseState,
  { type, time, data }: HandlingEvent,
  { handlingMaxMs = 0 }: AuditedLine,
): void {
  const { handlingId: id, actor } = data;
  const current = state.handlings.find((handling) => handling.id === id);
  const least = type === "handling.started" ? time + handlingMaxMs : (current?.until ?? time);
  const updated = { id, party: actor.party, until: Math.max(least, time + silentAfterMs) };
  const others = state.handlings.filter((handling) => handling !== current);
  const own = others.filter(({ party }) => party === actor.party);
  const remaining = own.length < handlingsMax ? others : others.filter((handling) => handling !== own[0]);
  state.handlings = [...remaining, updated];
}
