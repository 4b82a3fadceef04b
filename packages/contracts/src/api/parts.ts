import { z } from "zod";
import { isoInstant, parseInstant } from "../time.ts";

const earliest = parseInstant("1900-01-01T00:00:00Z");
// The longest target is 400 days: what falls due after the last instant must still have a date of four digits.
const latest = parseInstant("9998-01-01T00:00:00Z");

/** An instant that somebody sends: ISO 8601 with offset, of the years 1900 to 9997. */
export const sentInstant = isoInstant.refine(
  (text) => {
    const instant = parseInstant(text);
    return instant >= earliest && instant < latest;
  },
  { error: "must be an instant of the years 1900 to 9997", when: ({ issues }) => issues.length === 0 },
);

/** Text of one line, without control characters. */
export function line(longest: number) {
  return z
    .string()
    .min(1)
    .max(longest)
    .regex(/^\P{Cc}+$/u, "must be one line, without control characters");
}

/** Who acts for the calling party: a person, unless it says otherwise; automation never moves a clock meant for a person. */
export const actingPerson = {
  person: line(64).optional().meta({
    description: "The company's own id of the person, no name. A live contact with it is that person's handling too",
  }),
  automated: z.boolean().default(false).meta({ description: "Nobody's doing, but a program's" }),
};

/** Where a page begins, as the page before said in `next`. */
export const cursor = z
  .string()
  .max(300)
  .regex(/^[\w-]+$/, "must be the `next` of another page");

/** How many a page has at most. */
export const pageLimit = z.coerce.number().int().min(1).max(100).default(50);

/** A page of a list; without `next` it is the last one. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().optional() });
}

/** What somebody writes in a sentence or some. */
export const note = z.string().min(1).max(1000);

/** The chains of a case's dossier that a company reads: how long each is, and the hash of its last entry. */
export const chainHeads = z
  .object({
    entries: z.int(),
    head: z.string().optional(),
    internal: z
      .object({ entries: z.int(), head: z.string() })
      .optional()
      .meta({ description: "Your company's own chain, where it has internal entries" }),
  })
  .meta({
    description: "The chain that all companies of the case share, and its last hash: an exported bundle ends with it",
  });
