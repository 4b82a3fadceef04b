import type { EventOf } from "@crossline/contracts";
import type { CaseState } from "./case-state.ts";
import type { AuditedLine } from "./line.ts";

const handlingsMax = 20;
const silentAfterMs = 180_000;

type Beat = EventOf<"handling.started" | "handling.continued">;

/**
 * A live handling counts until 3 minutes after its last sign of life, or under a line that says so until so long after its start.
 * What was promised before is not taken back. Of one party only so many are kept.
 */
export function beat(on: CaseState, { type, time, data }: Beat, { handlingMaxMs }: AuditedLine): void {
  const { handlingId: id, actor } = data;
  const known = on.handlings.find((handling) => handling.id === id);
  const startedAt = type === "handling.started" ? time : (known?.startedAt ?? time);
  const until = handlingMaxMs === undefined ? time + silentAfterMs : startedAt + handlingMaxMs;
  const beating = { id, party: actor.party, startedAt, until: Math.max(until, known?.until ?? until) };
  const others = on.handlings.filter((handling) => handling !== known);
  const own = others.filter(({ party }) => party === actor.party);
  const kept = own.length < handlingsMax ? others : others.filter((handling) => handling !== own[0]);
  on.handlings = [...kept, beating];
}
