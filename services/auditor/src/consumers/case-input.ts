import type { ClockEvent, ReceivedEvent } from "@crossline/contracts";
import type { AuditedEvent } from "../rules/index.ts";

/** An event of a case from the case, hand-off or clock topic. */
export type CaseInput = ReceivedEvent<AuditedEvent["type"] | ClockEvent["type"]>;
