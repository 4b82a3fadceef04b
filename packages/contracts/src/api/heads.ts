import { z } from "zod";

/** The maximum number of cases in one question. */
export const headsMax = 500;

/** The question of the auditor to the owner of a topic: which last sequences have these cases? */
export const headsQuestion = z.strictObject({
  topic: z.string().max(200),
  keys: z.array(z.string().max(500)).max(headsMax),
});

/** The last sequences, without the cases that the owner does not have. */
export const headsAnswer = z.object({ heads: z.array(z.object({ key: z.string(), sequence: z.int().min(0) })) });
