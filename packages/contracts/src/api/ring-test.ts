import { z } from "zod";
import { queueName, slug } from "../events/vocabulary.ts";
import { personId } from "../roster.ts";
import { isoInstant } from "../time.ts";
import { rosterRef } from "./roster.ts";

/** The request for a ring test of all people of a roster, or only of the named people. */
export const ringTestRequest = z
  .strictObject({
    people: z
      .array(personId)
      .min(1)
      .max(100)
      .optional()
      .meta({ description: "The ids of the people to test. Default: all people of the roster" }),
  })
  .meta({ id: "StartRingTest", examples: [{ people: ["ada"] }] })
  .nullish();

const ringTestId = z
  .string()
  .regex(/^rng_[0-9a-z]{26}$/, "the id of a ring test is rng_ and 26 characters")
  .meta({
    description: "The id for `GET /v1/rosters/{name}/ring-tests/{ringTestId}`, which returns the outcome",
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
      "`waiting`: an attempt is pending. `refused`: the receiver or the mail server refused the last attempt. `failed`: the last attempt got no response. `not-dialled`: this installation never dials the address",
  }),
  attempts: z.int(),
  status: z.int().optional().meta({ description: "The last status of the receiver (HTTP) or the mail server" }),
  why: z.string().optional().meta({ description: "The reason why the last attempt got no response" }),
  endedAt: isoInstant.optional(),
});

export const ringTest = z
  .object({
    ringTestId,
    roster: queueName,
    at: isoInstant,
    people: z.array(z.object({ person: personId, addresses: z.array(testedAddress) })),
  })
  .meta({ id: "RingTest", description: "The outcome of a ring test for each address of each person of a roster" });

export type StartedRingTest = z.infer<typeof startRingTestResponse>;
export type RingTest = z.infer<typeof ringTest>;
export type RingTestOutcome = z.infer<typeof ringOutcome>;
