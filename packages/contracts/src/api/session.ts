import { z } from "zod";
import { keyScope, partyId, personRole } from "../events/vocabulary.ts";
import { isoInstant } from "../time.ts";
import { identifier } from "./parts.ts";

const sessionId = z.string().meta({ examples: ["ss_01jnrfh2m4p6r8t0v2x4z6b8d0"] });
/** The schema of a company's own id of a person who signs in. */
export const signedInPerson = identifier(64).meta({
  description: "The company's own id of the person, which is not a name",
});
const person = signedInPerson;
const roles = z
  .array(personRole)
  .min(1)
  .max(7)
  .refine((all) => new Set(all).size === all.length, "must name each role at most once")
  .meta({ description: "The roles of the person. They decide which scopes the session has", examples: [["rep"]] });
const secret = z
  .string()
  .regex(/^[\w-]{43}$/, "must be the text after `#sign-in=` in a sign-in link")
  .meta({ examples: ["0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0uV"] });

/** `POST /v1/sign-in-links` (a lead, or an API key with the scope `keys`). */
export const createSignInLinkRequest = z
  .strictObject({
    person,
    roles,
    party: partyId.optional().meta({ description: "Only the operator names a party. Absent: your own party" }),
  })
  .meta({ id: "CreateSignInLink", examples: [{ person: "rep-7", roles: ["rep"] }] });

export const createSignInLinkResponse = z
  .object({
    party: partyId,
    person,
    roles,
    path: z.string().meta({
      description: "The link, relative to the address of Crossline. It signs one browser in, once",
      examples: ["/#sign-in=0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0uV"],
    }),
    expiresAt: isoInstant,
  })
  .meta({ id: "SignInLink" });

/** `POST /v1/session`: exchanges the token of a sign-in link for a session. */
export const signInRequest = z.strictObject({ token: secret }).meta({ id: "SignIn" });

const presentedSession = z
  .object({ id: sessionId, person, roles, openedAt: isoInstant, expiresAt: isoInstant })
  .meta({ id: "Session" });

/** `GET /v1/sessions`: the open sessions of the caller's party. */
export const sessionList = z.object({ sessions: z.array(presentedSession) }).meta({ id: "SessionList" });

/** `GET /v1/me` and `POST /v1/session`: the caller. */
export const me = z
  .object({
    party: partyId,
    kind: z.enum(["carrier", "vendor", "operator"]),
    name: z.string().meta({ description: "The name of the party", examples: ["Northtel"] }),
    scopes: z.array(keyScope).meta({ description: "The scopes of the API key, or of the roles of the person" }),
    keyId: z.string().optional().meta({ description: "The id of the API key, if no person is signed in" }),
    session: presentedSession.optional().meta({ description: "Present if a person is signed in" }),
  })
  .meta({ id: "Me" });

export type Me = z.input<typeof me>;
export type PresentedSession = z.input<typeof presentedSession>;
