import { z } from "zod";
import { country, keyScope, keyScopes, partyId } from "../events/vocabulary.ts";
import { isoInstant } from "../time.ts";
import { durationBetween, resultPage, sentInstant, textRow } from "./parts.ts";

/** The longest overlap of a rotation: 30 days. */
const overlapMaxMs = 30 * 86_400_000;

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

const scopes = z.array(keyScope).meta({
  description:
    "The scopes of the key. `read`: every read, except of the action log. `cases`: commands on cases and hand-offs. `setup`: commands on lines, rosters and everything else that you set up. `keys`: everything about API keys. `log`: reads of the action log",
  examples: [["read", "cases"]],
});
const expiresAt = isoInstant
  .optional()
  .meta({ description: "From this instant on, the key is refused. Absent: never" });

/** An API key in a list. The key itself is not stored. */
const presentedKey = z
  .object({
    keyId,
    label: keyLabel.optional(),
    scopes,
    createdAt: isoInstant
      .optional()
      .meta({ description: "Absent for a key that was created before Crossline stored this value" }),
    expiresAt,
    lastUsedAt: isoInstant.optional().meta({
      description:
        "The last use of the key, accurate to about a minute. Absent if the key was not used since Crossline began to store this value",
    }),
    replacedBy: keyId.optional().meta({ description: "The key that a rotation made in the place of this key" }),
  })
  .meta({ id: "Key" });

/** `GET /v1/parties/{party}/keys`. */
export const keyList = z.object({ keys: z.array(presentedKey) }).meta({ id: "KeyList" });

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

const expiryOf = (absent: string) =>
  sentInstant.optional().meta({ description: `From this instant on, the new key is refused. Absent: ${absent}` });

/** `POST /v1/parties/{party}/keys` (the party itself, or the operator). */
export const createKeyRequest = z
  .strictObject({
    label: keyLabel.optional(),
    scopes: z
      .array(keyScope)
      .min(1)
      .max(keyScopes.length)
      .refine((all) => new Set(all).size === all.length, "must name each scope at most once")
      .optional()
      .meta({ description: "Absent: the scopes of your own key" }),
    expiresAt: expiryOf("when your own key expires, if it does"),
  })
  .prefault({})
  .meta({
    id: "CreateKey",
    examples: [{ label: "CRM, production", scopes: ["read", "cases"], expiresAt: "2026-12-31T00:00:00Z" }],
  });

const newKey = {
  party: partyId,
  keyId,
  key: z.string().meta({ examples: ["xl_northtel_0a1B2c3D"] }),
  label: keyLabel.optional(),
  scopes,
  createdAt: isoInstant.optional(),
  expiresAt,
};

/** A new API key. Only this response contains the key. Crossline stores the hash of the key. */
export const createKeyResponse = z.object(newKey).meta({ id: "KeyCreated" });

/** `POST /v1/parties/{party}/keys/{keyId}/rotate` (the party itself, or the operator). */
export const rotateKeyRequest = z
  .strictObject({
    overlap: durationBetween(0, overlapMaxMs)
      .default("PT24H")
      .meta({
        description: "The time for which the old key also works. `PT0S` ends the old key at once",
        examples: ["PT24H"],
      }),
    expiresAt: expiryOf("when the old key was to expire, if it was"),
  })
  .prefault({})
  .meta({ id: "RotateKey", examples: [{ overlap: "PT24H" }] });

/** The new key of a rotation. Only this response contains the key. */
export const rotateKeyResponse = z
  .object({
    ...newKey,
    replaces: z
      .object({ keyId, expiresAt: isoInstant })
      .meta({ description: "The old key, and the end of the overlap" }),
  })
  .meta({ id: "KeyRotated" });

export type PresentedParty = z.infer<typeof presentedParty>;
export type PresentedKey = z.infer<typeof presentedKey>;
