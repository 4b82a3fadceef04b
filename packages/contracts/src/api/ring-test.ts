import { z } from "zod";
import { queueName, slug } from "../events/vocabulary.ts";
import { personId } from "../roster.ts";
import { isoInstant } from "../time.ts";
import { rosterRef } from "./roster.ts";

/** Whose way is proved: everybody on the roster, or these people. */
export const ringTestRequest = z
  .strictObject({
    people: z
      .array(personId)
      .min(1)
      .max(100)
      .optional()
      .meta({ description: "Ids of people of the roster; all, if it is left out" }),
  })
  .meta({ id: "StartRingTest", examples: [{ people: ["ada"] }] })
  .nullish();

const ringTestId = z
  .string()
  .regex(/^rng_[0-9a-z]{26}$/, "the id of a ring test looks like rng_ and 26 characters")
  .meta({
    description: "Where the outcome is: `GET /v1/rosters/{name}/ring-tests/{ringTestId}`",
    examples: ["rng_01jnrfd8g0j2m4n6p8r0s2t4v6"],
  });

const address = z.string().meta({
  description: "A webhook's address, or `mailto:` and a mail address",
  examples: ["https://pager.northtel.example/ben"],
});

export const startRingTestResponse = z
  .object({
    ringTestId,
    roster: rosterRef,
    at: isoInstant,
    people: z.array(z.object({ person: personId, addresses: z.array(address) })),
  })
  .meta({ id: "RingTestStarted" });

export const ringTestParams = z.strictObject({ name: slug, id: ringTestId });

const ringOutcome = z.enum(["waiting", "delivered", "refused", "failed", "not-dialled"]);

const testedAddress = z.object({
  address,
  outcome: ringOutcome.meta({
    description:
      "`waiting`: is tried, or tried again; `refused`: the receiver or the mail server said no to the end; `failed`: there was no answer to the end; `not-dialled`: this installation never dials it",
  }),
  attempts: z.int(),
  status: z.int().optional().meta({ description: "The last HTTP status, or the mail server's" }),
  why: z.string().optional().meta({ description: "Why the last attempt got no answer" }),
  endedAt: isoInstant.optional(),
});

export const ringTest = z
  .object({
    ringTestId,
    roster: queueName,
    at: isoInstant,
    people: z.array(z.object({ person: personId, addresses: z.array(testedAddress) })),
  })
  .meta({ id: "RingTest", description: "Whether each person of a roster can be reached, by each address" });

export type StartedRingTest = z.infer<typeof startRingTestResponse>;
export type RingTest = z.infer<typeof ringTest>;
export type RingTestOutcome = z.infer<typeof ringOutcome>;
