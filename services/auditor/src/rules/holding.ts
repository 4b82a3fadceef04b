import type { CaseState, OpenHandoff } from "./case-state.ts";
import type { AuditedEvent } from "./audited-event.ts";

/** Updates the holder, the crossing and the open hand-off of a case. */
export function updateHolder(state: CaseState, event: AuditedEvent): void {
  switch (event.type) {
    case "handoff.offered":
      state.crossed = true;
      state.handoff = openOf(event);
      break;
    case "handoff.info-requested":
      state.handoff = { ...openOf(event), request: event.sequence };
      break;
    case "handoff.info-provided":
    case "handoff.released": // A release ends the claim and any open information request.
      if (state.handoff?.id === event.data.handoffId) state.handoff = openOf(event);
      break;
    case "handoff.accepted":
      state.holder = event.data.vendor;
      delete state.membership; // The vendor's clocks run.
      state.crossed = false;
      state.handoff = { ...openOf(event), accepted: true };
      break;
    case "handoff.returned":
    case "handoff.resolved":
    case "handoff.withdrawn":
      state.holder = state.carrier;
      state.crossed = false;
      endHandoff(state, event.data.handoffId);
      break;
    case "handoff.rejected":
    case "handoff.lapsed":
    case "handoff.transferred":
      endHandoff(state, event.data.handoffId);
      break;
    case "handoff.taken":
    case "pool.assigned": // The case stays with the holder.
      state.crossed = false;
      break;
    default:
  }
}

function openOf({ data }: { readonly data: { readonly handoffId: string; readonly vendor: string } }): OpenHandoff {
  return { id: data.handoffId, vendor: data.vendor };
}

function endHandoff(state: CaseState, handoffId: string): void {
  if (state.handoff?.id === handoffId) delete state.handoff;
}
