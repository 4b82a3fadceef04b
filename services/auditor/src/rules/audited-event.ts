import type { CaseEvent, HandoffEvent } from "@crossline/contracts";

/** A record of the case or hand-off topic that is about a case. */
export type AuditedEvent = Exclude<CaseEvent, { type: "timeline.marked" | "timeline.removed" }> | HandoffEvent;
