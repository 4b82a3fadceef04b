import { z } from "zod";
import { actor, instant, partyId, slug } from "./vocabulary.ts";

/** The id of a change. */
export const changeId = z
  .string()
  .regex(/^ch_[0-9a-z]{26}$/, "a change id is ch_ and 26 characters")
  .meta({ examples: ["ch_01jnrf4v2k8q6t0w3y5b7d9e1g"] });

/** A change to which a case is linked, as a case and a brief present it. */
export const linkedChange = z.object({
  changeId,
  by: partyId.meta({ description: "The company that announced the change" }),
  title: z.string().max(200),
  startsAt: instant,
  late: z.boolean().meta({ description: "True if the change was announced too late" }),
});

/** The maximum number of companies that one change can affect. */
export const changeCompaniesMax = 500;

/**
 * The companies that receive the event by webhook or mail. A webhook does not contain the list, so that no company reads the names of
 * the others.
 */
const companies = z.array(partyId).max(changeCompaniesMax + 1);
const title = z.string().max(200);
const about = { actor, companies, by: partyId, title, startsAt: instant };
const receipt = { ...about, company: partyId, confirmBy: instant };

/**
 * The events that intake publishes on `crossline.change.v1`. The record key is the id of the change. `by` is the company that
 * announced the change, and `company` is the affected company whose receipt the event is about.
 */
export const changeEvents = {
  /** A company announced a change. */
  "change.announced": z.object({
    ...about,
    description: z.string().max(4000),
    mustDo: z.string().max(2000).optional(),
    endsAt: instant.optional(),
    symptoms: z.array(slug),
    confirmBy: instant,
    late: z.boolean().meta({ description: "True if the change was announced too late" }),
  }),
  /** A person of an affected company confirmed the change. `overdue` is true if the deadline had passed. */
  "change.confirmed": z.object({ ...receipt, overdue: z.boolean() }),
  /** Half of the time until `confirmBy` has passed, and the company has not confirmed the change. */
  "change.reminded": z.object(receipt),
  /** The company has not confirmed the change in time. */
  "change.overdue": z.object(receipt),
  /** The company that announced the change withdrew it. No company needs to confirm it any longer. */
  "change.withdrawn": z.object({ ...about, reason: z.string().max(1000) }),
} as const;

export type LinkedChange = z.infer<typeof linkedChange>;
