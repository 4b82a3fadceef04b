import type { ReceivedEvent } from "@crossline/contracts";
import type { ClockInput } from "@crossline/domain";

/** An event that moves clocks, from the topics of cases and hand-offs. */
export type CaseInput = ReceivedEvent<ClockInput["type"]>;
