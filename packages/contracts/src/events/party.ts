import { z } from "zod";
import { country, instant, keyScope, partyId } from "./vocabulary.ts";

/** The party of the operator, which exists once. No other party is of the kind `operator`. */
export const operatorParty = "operator";

/** The events that intake publishes on `crossline.party.v1` (compacted, keyed by party), and that every service reads. */
export const partyEvents = {
  /** The current state of a party. `hash` is the SHA-256 of an API key, in hex. Crossline does not store the API key itself. */
  "party.recorded": z
    .object({
      party: partyId,
      kind: z.enum(["carrier", "vendor", "operator"]),
      name: z.string(),
      country: country
        .optional()
        .meta({ description: "The country whose rules apply to a carrier's telephone numbers without a country code" }),
      keys: z.array(
        z.object({
          keyId: z.string(),
          hash: z.string(),
          scopes: z.array(keyScope).optional().meta({ description: "Absent: the key has all scopes" }),
          expiresAt: instant.optional().meta({ description: "From this instant on, no service accepts the key" }),
        }),
      ),
    })
    // Otherwise a forged record could make a company's people and keys those of an operator.
    .refine(({ party, kind }) => (party === operatorParty) === (kind === "operator"), { path: ["kind"] }),
  /** The installation to which the records of this Kafka belong. Consumers that read parties skip this event. */
  "installation.recorded": z.object({
    installation: z.string().meta({
      description:
        "The installation id. A service of another installation does not start. The record key is `installation`, and the partition is 0",
    }),
  }),
} as const;
