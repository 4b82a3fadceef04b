import { z } from "zod";
import { promisedFor } from "../events/case.ts";
import { partyId, severity } from "../events/vocabulary.ts";
import { parseDuration } from "../time.ts";
import { actingPerson, note, sentInstant } from "./parts.ts";

const longestPauseMs = 30 * 86_400_000;

function isPauseMaximum(duration: string): boolean {
  try {
    const ms = parseDuration(duration);
    return ms >= 60_000 && ms <= longestPauseMs;
  } catch {
    return false;
  }
}

/** The maximum length of a pause. */
export const pauseMaximum = z
  .string()
  .refine(isPauseMaximum, "must be an ISO 8601 duration from PT1M to P30D")
  .meta({ description: "The maximum length of the pause. After this time, work continues with best effort" });

/**
 * `POST /v1/cases/{id}/severity`: changes the severity and the deadlines. If the vendor that holds the case requests a lower
 * severity, the command is a proposal to the carrier.
 */
export const changeSeverityRequest = z.strictObject({ severity, reason: note.optional(), ...actingPerson }).meta({
  id: "ChangeSeverity",
  examples: [{ severity: "major", reason: "The shop cannot open without the device." }],
});

/** `POST /v1/cases/{id}/severity/decline`: declines the vendor's severity proposal. */
export const declineSeverityRequest = z
  .strictObject({ reason: note, ...actingPerson })
  .meta({ id: "DeclineSeverity", examples: [{ reason: "The shop still cannot open." }] });

/** `POST /v1/cases/{id}/promises`: makes a promise with a window. A delivery at exactly the end of the window is in time. */
export const promiseRequest = z
  .strictObject({
    promisor: partyId.optional().meta({ description: "The promisor. Default: the caller" }),
    text: note,
    from: sentInstant.optional(),
    until: sentInstant,
    for: promisedFor.optional().meta({ description: "`need-by`: a delivery in time also meets the need-by" }),
    ...actingPerson,
  })
  .meta({ id: "Promise", examples: [{ text: "A replacement is in the shop.", until: "2026-03-09T22:00:00Z" }] });

/** `…/promises/{promiseId}/delivered` and `…/withdrawn`. */
export const deliverPromiseRequest = z
  .strictObject({ evidence: note, ...actingPerson })
  .meta({ id: "DeliverPromise", examples: [{ evidence: "The shop has signed for it." }] });
export const withdrawPromiseRequest = z
  .strictObject({ reason: note, ...actingPerson })
  .meta({ id: "WithdrawPromise", examples: [{ reason: "The customer took another device." }] });

/** `GET /v1/reports/promises`. */
export const promiseReport = z
  .object({
    items: z.array(
      z.object({
        promisor: partyId,
        kept: z.int(),
        late: z.int().meta({ description: "The number of promises that were delivered after their window" }),
        broken: z.int().meta({ description: "The number of promises whose window ended without a delivery" }),
        open: z.int(),
        withdrawn: z.int(),
        keptRate: z
          .int()
          .optional()
          .meta({ description: "The percentage of kept promises among the kept, late and broken promises" }),
      }),
    ),
  })
  .meta({ id: "KeptPromises" });

export type KeptPromises = z.infer<typeof promiseReport>;
