import type { ClockEvent, ReceivedEvent } from "@crossline/contracts";
import type { AuditedEvent } from "../rules/index.ts";

/** An event about a case from the topics of cases, hand-offs and clocks. */
export type CaseInput = ReceivedEvent<AuditedEvent["type"] | ClockEvent["type"]>;
