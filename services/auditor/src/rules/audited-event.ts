import type { CaseEvent, HandoffEvent } from "@crossline/contracts";

/** An event of the case or hand-off topic about a case. */
export type AuditedEvent = Exclude<CaseEvent, { type: "timeline.marked" | "timeline.removed" }> | HandoffEvent;
