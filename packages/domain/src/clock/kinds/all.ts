import type { ClockKind } from "@crossline/contracts";
import type { KindRules } from "../change.ts";
import { confirmation } from "./confirmation.ts";
import { firstResponse } from "./first-response.ts";
import { handlingLimit, stallBusy } from "./handling-time.ts";
import { information } from "./information.ts";
import { joint } from "./joint.ts";
import { lastResort } from "./last-resort.ts";
import { needBy } from "./need-by.ts";
import { nextUpdate } from "./next-update.ts";
import { promise } from "./promise.ts";
import { reply } from "./reply.ts";
import { resolution } from "./resolution.ts";
import { stallIdle } from "./stall-idle.ts";
import { vendorAcceptance } from "./vendor-acceptance.ts";

/**
 * The rules of every clock kind. The build fails for a new kind without rules. Add a new kind at the end. For each clock, the
 * timer stores the index of the clock's rule in the line. The rules of implied clocks have the order of this table.
 */
export const kindRules: Readonly<Record<ClockKind, KindRules>> = {
  "first-response": firstResponse,
  "stall.busy": stallBusy,
  "handling.limit": handlingLimit,
  "stall.idle": stallIdle,
  "vendor.acceptance": vendorAcceptance,
  confirmation,
  information,
  "last-resort": lastResort,
  "next-update": nextUpdate,
  joint,
  resolution,
  "need-by": needBy,
  promise,
  reply,
};
