import { z } from "zod";
import { isSafeAddress } from "../address.ts";
import { partyId, personRole } from "../events/vocabulary.ts";
import { isoInstant } from "../time.ts";

const printable = /^[\x21-\x7e]+$/;
const claimName = z.string().max(200).regex(printable, "must be the name of a claim, without spaces");
const issuerAddress = z
  .string()
  .max(500)
  .refine(isSafeAddress, { error: "must be an https URL", abort: true })
  .refine((text) => !/[?#@\s]|\/\.well-known\//.test(text), {
    error: "must be the issuer alone: no query, no fragment, no password and no /.well-known/ path",
  })
  .meta({ description: "The issuer, exactly as its ID tokens name it", examples: ["https://login.northtel.example"] });

const claims = {
  personClaim: claimName
    .default("sub")
    .meta({ description: "The claim of the ID token with the company's own id of the person", examples: ["sub"] }),
  rolesClaim: claimName.default("crossline_roles").meta({
    description: "The claim of the ID token with the roles: a text, or a list of texts",
    examples: ["crossline_roles"],
  }),
  roleMap: z
    .record(z.string().min(1).max(200), personRole)
    .refine((map) => Object.keys(map).length <= 100, "must have at most 100 values")
    .optional()
    .meta({
      description:
        "The role of each value of the claim. Other values give no role. Absent: the values are the roles themselves",
      examples: [{ "support-desk": "rep", "support-leads": "lead" }],
    }),
  extraScopes: z
    .array(z.string().max(100).regex(printable, "must be one scope of OAuth 2.0, without spaces"))
    .max(20)
    .default([])
    .meta({ description: "The scopes that Crossline requests in addition to `openid`", examples: [["groups"]] }),
};
const clientId = z.string().min(1).max(255).meta({ description: "The id of Crossline at the issuer" });

/** `PUT /v1/parties/{party}/issuer` (operator): the issuer of OpenID Connect at which the people of a party sign in. */
export const setIssuerRequest = z
  .strictObject({
    issuer: issuerAddress,
    clientId,
    clientSecret: z.string().min(1).max(1_000).optional().meta({
      description: "The secret of Crossline at the issuer. Absent: the issuer knows Crossline as a public client",
    }),
    ...claims,
  })
  .meta({
    id: "SetIssuer",
    examples: [{ issuer: "https://login.northtel.example", clientId: "crossline", clientSecret: "a-secret" }],
  });

export const partyIssuer = z
  .object({
    party: partyId,
    issuer: issuerAddress,
    clientId,
    hasClientSecret: z.boolean(),
    ...claims,
    redirectUri: z
      .string()
      .optional()
      .meta({
        description: "The redirect URI to register at the issuer. Absent if the console has no PUBLIC_URL",
        examples: ["https://crossline.example/v1/session/oidc/callback"],
      }),
    logoutUri: z
      .string()
      .optional()
      .meta({
        description: "The back-channel logout URI to register at the issuer. Absent if the console has no PUBLIC_URL",
        examples: ["https://crossline.example/v1/session/oidc/northtel/logout"],
      }),
    changedAt: isoInstant,
  })
  .meta({ id: "PartyIssuer" });

/** The query of `GET /v1/session/oidc/{party}`, with which a browser begins to sign in. */
export const beginSignInQuery = z.strictObject({
  returnTo: z
    .string()
    .max(500)
    // A browser reads `//` and a backslash as the beginning of a host name.
    .regex(/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/, "must be a path of this address that begins with one /")
    .default("/")
    .meta({
      description: "The path at which the browser continues when the person is signed in",
      examples: ["/board"],
    }),
});

const parameter = (description: string) => z.string().max(4_000).optional().meta({ description });

/** The query of `GET /v1/session/oidc/callback`, to which the issuer sends the browser. The issuer can add parameters. */
export const finishSignInQuery = z.looseObject({
  state: parameter("The state with which Crossline sent the browser to the issuer"),
  code: parameter("The code that Crossline exchanges for the ID token"),
  iss: parameter("The issuer (RFC 9207)"),
  error: parameter("The reason why the issuer refused"),
});

/** The form of `POST /v1/session/oidc/{party}/logout` (OpenID Connect Back-Channel Logout 1.0, 2.5). */
export const logoutForm = z
  .object({
    logout_token: z.string().min(1).max(16_000).meta({ description: "The logout token that the issuer signed" }),
  })
  .meta({ id: "LogoutForm" });

export type SetIssuerRequest = z.output<typeof setIssuerRequest>;
export type PartyIssuer = z.input<typeof partyIssuer>;
/** Which claims of an ID token name the person and the roles. */
export type ClaimRules = Pick<SetIssuerRequest, "personClaim" | "rolesClaim" | "roleMap" | "extraScopes">;
