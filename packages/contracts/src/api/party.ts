import { z } from "zod";
import { country, partyId } from "../events/vocabulary.ts";
import { isoInstant } from "../time.ts";
import { textRow, resultPage } from "./parts.ts";

/** The names that no company can have. */
const reservedParties = ["operator", "builtin"];

/** `POST /v1/parties` (operator). */
export const createPartyRequest = z
  .strictObject({
    party: partyId.refine((name) => !reservedParties.includes(name), "is reserved"),
    kind: z.enum(["carrier", "vendor"]),
    name: textRow(200),
  })
  .meta({ id: "CreateParty", examples: [{ party: "northtel", kind: "carrier", name: "Northtel" }] });

const keyId = z.string().meta({ examples: ["key_01jnrfh2m4p6r8t0v2x4z6b8d0"] });

const keyLabel = textRow(100).meta({
  description: "The use of the key, in your own words",
  examples: ["CRM, production"],
});

/** An API key in a list. The key itself is not stored. */
const presentedKey = z.object({
  keyId,
  label: keyLabel.optional(),
  createdAt: isoInstant
    .optional()
    .meta({ description: "Absent for a key that was created before Crossline stored this value" }),
  lastUsedAt: isoInstant.optional().meta({
    description:
      "The last use of the key, accurate to about a minute. Absent if the key was not used since Crossline began to store this value",
  }),
});

export const presentedParty = z
  .object({
    party: partyId,
    kind: z.enum(["carrier", "vendor", "operator"]),
    name: z.string().meta({ examples: ["Northtel"] }),
    country: country
      .optional()
      .meta({ description: "The country whose rules apply to a carrier's telephone numbers without a country code" }),
    keyIds: z.array(keyId),
    keys: z.array(presentedKey).default([]),
  })
  .meta({ id: "Party" });
export const partyResultPage = resultPage(presentedParty).meta({ id: "PartyPage" });

/** `PUT /v1/parties/{party}/country` (the carrier itself). */
export const setCountryRequest = z.strictObject({ country }).meta({ id: "SetCountry", examples: [{ country: "CA" }] });

/** `POST /v1/parties/{party}/keys` (operator). */
export const createKeyRequest = z
  .strictObject({ label: keyLabel.optional() })
  .prefault({})
  .meta({ id: "CreateKey", examples: [{ label: "CRM, production" }] });

/** A new API key. Only this response contains the key. Crossline stores the hash of the key. */
export const createKeyResponse = z
  .object({
    party: partyId,
    keyId,
    key: z.string().meta({ examples: ["xl_northtel_0a1B2c3D"] }),
    label: keyLabel.optional(),
    createdAt: isoInstant.optional(),
  })
  .meta({ id: "KeyCreated" });

export type PresentedParty = z.infer<typeof presentedParty>;
