import { z } from "zod";
import { personId, rosterPerson } from "../roster.ts";
import { partyId, slug } from "../events/vocabulary.ts";
import { isoInstant } from "../time.ts";
import { sentInstant } from "./parts.ts";
import { rosterOwnerQuery } from "./roster.ts";

/** `GET /v1/duty`. */
export const dutyQuery = z.strictObject({
  party: rosterOwnerQuery.shape.party,
  from: sentInstant.optional().meta({ description: "Default: now" }),
  to: sentInstant.optional().meta({ description: "At most 31 days after `from`. Default: seven days after `from`" }),
});

const ownRoster = z
  .object({
    version: z.int(),
    shifts: z.array(z.object({ from: isoInstant, to: isoInstant, layer: z.string(), person: personId })),
    people: z.array(
      z.object({
        person: personId,
        name: z.string(),
        quiet: rosterPerson.shape.quiet.meta({ description: "The daily quiet hours, in the person's own zone" }),
        unreachable: z
          .string()
          .optional()
          .meta({ description: "The reason why this installation cannot reach the person" }),
      }),
    ),
  })
  .meta({ description: "The people of the roster. Absent for a roster of another company" });

export const dutyResponse = z
  .object({
    from: isoInstant,
    to: isoInstant,
    rosters: z.array(
      z.object({
        roster: z.object({ party: partyId, name: slug }),
        until: isoInstant.meta({ description: "Earlier than `to` if the roster changes very often" }),
        coverage: z.array(z.object({ from: isoInstant, to: isoInstant, state: z.enum(["covered", "gap"]) })),
        own: ownRoster.optional(),
      }),
    ),
  })
  .meta({ id: "Duty", description: "The caller's own rosters, and the rosters that its lines name" });

export type DutyResponse = z.input<typeof dutyResponse>;
