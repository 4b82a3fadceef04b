import type { EventOf } from "@crossline/contracts";
import type { CaseState } from "./case-state.ts";
import type { AuditedLine } from "./audited-line.ts";

const handlingsMax = 20;
const silentAfterMs = 180_000;

type Beat = EventOf<"handling.started" | "handling.continued">;

/**
 * A handling is live until 3 minutes after its last sign of life. One that started under a line that counts handlings until they
 * end is live until so long after its start at least. Of one party only so many are kept.
 */
export function beat(on: CaseState, { type, time, data }: Beat, { handlingMaxMs = 0 }: AuditedLine): void {
  const { handlingId: id, actor } = data;
  const known = on.handlings.find((handling) => handling.id === id);
  const least = type === "handling.started" ? time + handlingMaxMs : (known?.until ?? time);
  const beating = { id, party: actor.party, until: Math.max(least, time + silentAfterMs) };
  const others = on.handlings.filter((handling) => handling !== known);
  const own = others.filter(({ party }) => party === actor.party);
  const kept = own.length < handlingsMax ? others : others.filter((handling) => handling !== own[0]);
  on.handlings = [...kept, beating];
}
