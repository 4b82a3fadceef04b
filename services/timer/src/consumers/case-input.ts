import type { ReceivedEvent } from "@crossline/contracts";
import type { ClockInput } from "@crossline/domain";

/** An event of the case or hand-off topic that can change clocks. */
export type CaseInput = ReceivedEvent<ClockInput["type"]>;
