import { type EventOf, type Received, topics } from "@crossline/contracts";
import { partyOfRoster } from "./pages.ts";
import type { Since } from "../store/case-party.ts";

/** Somebody who wants to hear of a case: its carrier, or a vendor from its first offer on. */
export type Reader = { readonly party: string; readonly since: Since | null };

/**
 * True where this party may hear of this event (invariant 8). The carrier hears all of its case; a vendor what came after
 * its first offer, of hand-offs and rosters its own only, and never the addresses of a carrier's last resort. An internal entry is for
 * its author's company alone.
 */
export function maySee({ party, since }: Reader, event: Received): boolean {
  if (event.type === "entry.added") {
    const { audience, actor } = event.data as EventOf<"entry.added">["data"];
    if (audience === "internal" && actor.party !== party) return false;
  }
  if (since === null) return true;
  if (event.time < since.at) return false;
  switch (event.topic) {
    case topics.case:
      return event.sequence > since.case;
    case topics.clock:
      return event.sequence > since.clock;
    case topics.handoff:
      return event.sequence >= since.handoff && mayVendorSee(party, event);
    default:
      return false;
  }
}

function mayVendorSee(party: string, event: Received): boolean {
  if (event.type === "line.exhausted" || event.type === "last-resort.called") return false;
  if (event.type === "roster.paged") {
    return partyOfRoster(event.data as EventOf<"roster.paged">["data"]) === party;
  }
  if (event.type.startsWith("joint.")) {
    return (event.data as EventOf<"joint.declared">["data"]).parties.includes(party);
  }
  const { vendor } = event.data as { readonly vendor?: string };
  return vendor === undefined || vendor === party;
}
