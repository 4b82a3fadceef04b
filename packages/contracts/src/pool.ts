import { z } from "zod";
import { textRow } from "./api/parts.ts";
import { slug } from "./events/vocabulary.ts";

/**
 * The document of a pool: a group of people inside a company. For a case, the members of the pool are the people on duty on these
 * rosters who are certified for the device of the case.
 */
export const poolDocument = z
  .strictObject({
    title: textRow(200).optional(),
    rosters: z
      .array(slug)
      .min(1)
      .max(50)
      .refine((names) => new Set(names).size === names.length, "must not repeat a name")
      .meta({ description: "The names of rosters of the same company" }),
  })
  .meta({ id: "PoolDocument", examples: [{ title: "PocketOS specialists", rosters: ["ios-day", "ios-night"] }] });

export type PoolDocument = z.infer<typeof poolDocument>;
