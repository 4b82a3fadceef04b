import type { ClockKind } from "@crossline/contracts";
import { information, lastResort, vendorAcceptance } from "./crossing-kinds.ts";
import { handlingLimit, stallBusy, stallIdle } from "./holder-kinds.ts";
import type { KindRules } from "./kind-rules.ts";
import { confirmation, firstResponse, joint, needBy, nextUpdate, promise, reply, resolution } from "./owed-kinds.ts";

/** The rules of each clock kind. If the value is `unaudited`, the auditor reports every clock of the kind as unaudited. */
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

/** Returns whether the auditor has rules for clocks of this kind. */
export function isAudited(kind: ClockKind): boolean {
  return rulesByKind[kind] !== "unaudited";
}

/** Returns whether the timer restarts clocks of this kind at their breach, on lines that cross. */
export function restartsAtBreach(kind: ClockKind): boolean {
  return kind === "stall.idle" || kind === "reply";
}
