import { type HandoffEvent, type ReceivedMessage, topics } from "@crossline/contracts";
import { type ReportedCase, isEnded } from "@crossline/domain";
import type { HolderChange } from "../store/holder-changes.ts";

/** The name of the carrier in `holder_change`, because the records of the hand-off topic do not name the carrier. */
const carrier = "";

/** Returns the change that a record of the hand-off topic makes to the holder, or nothing. */
export function holderChange(event: ReceivedMessage): HolderChange[] {
  if (event.topic !== topics.handoff) return [];
  const holder = holderAfter(event as HandoffEvent);
  if (holder === undefined) return [];
  const { key: caseId, time: at, sequence } = event;
  return [{ caseId, at, sequence, isOfHandoff: true, holder }];
}

/** A vendor that transfers a case stays the holder until another vendor accepts. A pool assignment changes no holder. */
function holderAfter({ type, data }: HandoffEvent): string | undefined {
  switch (type) {
    case "handoff.accepted":
      return data.vendor;
    case "handoff.returned":
    case "handoff.withdrawn":
    case "handoff.resolved":
      return carrier;
    default:
      return undefined;
  }
}

/**
 * Returns the change that a record of the case topic makes. The carrier holds a case from its opening on. No company holds an ended
 * case.
 */
export function endChange(
  before: ReportedCase | undefined,
  after: ReportedCase,
  { time: at, sequence }: Pick<ReceivedMessage, "time" | "sequence">,
): HolderChange[] {
  const isOver = isEnded(after.status);
  const change = { caseId: after.caseId, at, sequence, isOfHandoff: false };
  if (before === undefined) return [{ ...change, holder: carrier, isEnded: isOver }];
  return isEnded(before.status) === isOver ? [] : [{ ...change, isEnded: isOver }];
}
