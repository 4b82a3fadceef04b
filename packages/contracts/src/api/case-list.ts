import { z } from "zod";
import { caseStatus, partyId, severity, slug, timelineId } from "../events/vocabulary.ts";
import { cursor, identifier, resultPageLimit, sentInstant, oneOrSeveral } from "./parts.ts";

/** `GET /v1/cases/{id}`. */
export const readCaseQuery = z.strictObject({
  include: oneOrSeveral(z.enum(["nextDue"])).meta({
    description: "What is asked of another part for it: `nextDue` makes the answer take about twice as long",
  }),
});

/** `GET /v1/cases`. A case fits where it fits every filter that is given. */
export const listCasesQuery = z.strictObject({
  carrierCaseId: identifier(100).optional(),
  line: slug.optional().meta({ description: "Cases under this line, in any version" }),
  status: oneOrSeveral(caseStatus).meta({ description: "One of these; repeat the parameter for several" }),
  severity: oneOrSeveral(severity).meta({ description: "One of these; repeat the parameter for several" }),
  holder: partyId.optional().meta({ description: "Cases that this party has now" }),
  updatedSince: sentInstant.optional().meta({ description: "Cases whose `lastEventAt` is at this instant or later" }),
  sort: z.enum(["opened", "due"]).default("opened").meta({
    description:
      "`opened`: the newest first. `due`: only cases that have `nextDue`, the earliest first; 503 where the clocks cannot be asked",
  }),
  timeline: timelineId.default("wall"),
  cursor: cursor.optional(),
  limit: resultPageLimit,
});
