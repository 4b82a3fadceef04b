import type { CaseState, OpenHandoff } from "./case-state.ts";
import type { Happening } from "./happening.ts";

/** Who has the case, and who is asked to take it. */
export function passOn(on: CaseState, happening: Happening): void {
  switch (happening.type) {
    case "handoff.offered":
      on.crossed = true;
      on.handoff = openOf(happening);
      break;
    case "handoff.info-requested":
      on.handoff = { ...openOf(happening), request: happening.sequence };
      break;
    case "handoff.info-provided":
    case "handoff.released": // The question goes with who asked it.
      if (on.handoff?.id === happening.data.handoffId) on.handoff = openOf(happening);
      break;
    case "handoff.accepted":
      on.holder = happening.data.vendor;
      on.crossed = false;
      on.handoff = { ...openOf(happening), accepted: true };
      break;
    case "handoff.returned":
    case "handoff.resolved":
    case "handoff.withdrawn":
      on.holder = on.carrier;
      on.crossed = false;
      endHandoff(on, happening.data.handoffId);
      break;
    case "handoff.rejected":
    case "handoff.lapsed":
    case "handoff.transferred":
      endHandoff(on, happening.data.handoffId);
      break;
    case "handoff.taken":
      on.crossed = false;
      break;
    default:
  }
}

function openOf({ data }: { readonly data: { readonly handoffId: string; readonly vendor: string } }): OpenHandoff {
  return { id: data.handoffId, vendor: data.vendor };
}

function endHandoff(on: CaseState, handoffId: string): void {
  if (on.handoff?.id === handoffId) delete on.handoff;
}
