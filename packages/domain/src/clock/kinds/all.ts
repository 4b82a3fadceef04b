import type { ClockKind } from "@crossline/contracts";
import type { KindRules } from "../change.ts";
import { confirmation } from "./confirmation.ts";
import { firstResponse } from "./first-response.ts";
import { handlingLimit, stallBusy } from "./handling-time.ts";
import { information } from "./information.ts";
import { lastResort } from "./last-resort.ts";
import { stallIdle } from "./stall-idle.ts";
import { vendorAcceptance } from "./vendor-acceptance.ts";

const notYet: KindRules = { ends: () => false, starts: () => undefined };

/** The rules of every kind of clock. A new kind fails the build here until it has its rules. */
export const kindRules: Readonly<Record<ClockKind, KindRules>> = {
  "first-response": firstResponse,
  "stall.busy": stallBusy,
  "handling.limit": handlingLimit,
  "stall.idle": stallIdle,
  "vendor.acceptance": vendorAcceptance,
  confirmation,
  information,
  "last-resort": lastResort,
  "next-update": notYet,
  joint: notYet,
  resolution: notYet,
  "need-by": notYet,
  promise: notYet,
};
