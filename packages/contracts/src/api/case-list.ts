import { z } from "zod";
import { caseStatus, partyId, severity, slug, timelineId } from "../events/vocabulary.ts";
import { cursor, identifier, resultPageLimit, sentInstant, oneOrSeveral } from "./parts.ts";

/** `GET /v1/cases/{id}`. */
export const readCaseQuery = z.strictObject({
  include: oneOrSeveral(z.enum(["nextDue"])).meta({
    description:
      "Values that intake reads from another service and adds to the case. With `nextDue` the response takes about twice as long",
  }),
});

/** `GET /v1/cases`. The list contains the cases that match all given filters. */
export const listCasesQuery = z.strictObject({
  carrierCaseId: identifier(100).optional(),
  line: slug.optional().meta({ description: "Cases under any version of this line" }),
  status: oneOrSeveral(caseStatus).meta({
    description: "One or several statuses; repeat the parameter for each status",
  }),
  severity: oneOrSeveral(severity).meta({
    description: "One or several severities; repeat the parameter for each severity",
  }),
  holder: partyId.optional().meta({ description: "Cases that this party holds now" }),
  updatedSince: sentInstant.optional().meta({ description: "Cases whose `lastEventAt` is at this instant or later" }),
  sort: z.enum(["opened", "due"]).default("opened").meta({
    description:
      "`opened`: the newest first. `due`: only cases with `nextDue`, the earliest first; the response is 503 if the timer cannot be reached",
  }),
  canary: z.enum(["false", "true", "any"]).default("false").meta({
    description:
      "`false`: without the cases that canaries opened. `true`: only these cases. `any`: all cases, with and without these cases",
  }),
  timeline: timelineId.default("wall"),
  cursor: cursor.optional(),
  limit: resultPageLimit,
});
