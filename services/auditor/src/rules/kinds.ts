import type { ClockKind } from "@crossline/contracts";
import { information, lastResort, vendorAcceptance } from "./crossing-kinds.ts";
import { handlingLimit, stallBusy, stallIdle } from "./holder-kinds.ts";
import type { KindRules } from "./kind-rules.ts";
import { confirmation, firstResponse, joint, needBy, nextUpdate, promise, reply, resolution } from "./owed-kinds.ts";

/** Rules by kind, or that there are none: then every clock of the kind is reported as unaudited. A new kind must choose. */
export const rulesByKind: Readonly<Record<ClockKind, KindRules | "unaudited">> = {
  "first-response": firstResponse,
  "next-update": nextUpdate,
  reply,
  "stall.busy": stallBusy,
  "handling.limit": handlingLimit,
  "stall.idle": stallIdle,
  "vendor.acceptance": vendorAcceptance,
  information,
  confirmation,
  "last-resort": lastResort,
  joint,
  resolution,
  "need-by": needBy,
  promise,
};

/** Whether clocks of this kind are compared with rules of the auditor's own. */
export function isAudited(kind: ClockKind): boolean {
  return rulesByKind[kind] !== "unaudited";
}

/** Where a line crosses, the timer restarts these at their breach, because they are not met. */
export function restartsAtBreach(kind: ClockKind): boolean {
  return kind === "stall.idle" || kind === "reply";
}
