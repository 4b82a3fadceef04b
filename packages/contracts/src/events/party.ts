import { z } from "zod";
import { country, partyId } from "./vocabulary.ts";

/** The facts of `crossline.party.v1` (compacted, keyed by party), told by intake and read by every service. */
export const partyEvents = {
  /** A party as it stands now. `hash` is SHA-256 of the key, in hex; the key itself is nowhere. */
  "party.recorded": z.object({
    party: partyId,
    kind: z.enum(["carrier", "vendor", "operator"]),
    name: z.string(),
    country: country.optional().meta({ description: "The country in which a carrier's telephone numbers are read" }),
    keys: z.array(z.object({ keyId: z.string(), hash: z.string() })),
  }),
  /** The installation that the records of this Kafka belong to. Readers of parties pass over it. */
  "installation.recorded": z.object({
    installation: z.string().meta({
      description:
        "The installation id. A service of another installation does not start. Key `installation`, partition 0",
    }),
  }),
} as const;
