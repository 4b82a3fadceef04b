import { type Refusal, isSafeAddress, refusal } from "@crossline/contracts";
import { type JWTVerifyGetKey, createRemoteJWKSet, customFetch as keysFetch } from "jose";
import {
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  None,
  type ServerMetadata,
  allowInsecureRequests,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
} from "openid-client";
import type { IssuerRow } from "../store/issuers.ts";
import { isOfIssuer, isUnreachable, unreachable } from "./faults.ts";
import { fetchFromIssuer, respondWithinMs } from "./fetch.ts";
import { unsealSecret } from "./secrets.ts";

/** An issuer whose metadata this process has read. `keys` returns the key of a signature. */
export type OpenIssuer = {
  readonly config: Configuration;
  readonly keys: JWTVerifyGetKey;
  readonly signingAlgorithms: readonly string[];
};

export const keepMetadataMs = 600_000;

const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
const unreadable = refusal(
  "unavailable",
  "Crossline cannot decrypt the secret of this issuer, because INTERNAL_KEY has changed. The operator saves the issuer again.",
);

/** Reads the metadata of an issuer (OpenID Connect Discovery 1.0) and checks it. Refuses an issuer at which no person can sign in. */
export async function discoverIssuer(row: IssuerRow, internalKey: string): Promise<OpenIssuer | Refusal> {
  // A public client has no secret.
  const secret = row.clientSecret === null ? "" : unsealSecret(row.clientSecret, internalKey);
  if (secret === undefined) return unreadable;
  const address = new URL(row.issuer);
  try {
    const config = await discovery(address, row.clientId, undefined, secret === "" ? None() : secretAuth(secret), {
      timeout: respondWithinMs / 1_000,
      [customFetch]: fetchFromIssuer,
      execute: [enableNonRepudiationChecks, ...(address.protocol === "http:" ? [allowInsecureRequests] : [])],
    });
    return openMetadata(config, address.protocol);
  } catch (error) {
    if (isUnreachable(error)) return unreachable;
    if (isOfIssuer(error)) return unfit("its metadata is not valid for this issuer");
    throw error;
  }
}

function openMetadata(config: Configuration, protocol: string): OpenIssuer | Refusal {
  const { authorization_endpoint, token_endpoint, jwks_uri, id_token_signing_alg_values_supported } =
    config.serverMetadata();
  if (jwks_uri === undefined) return unfit("it has no jwks_uri");
  for (const endpoint of [authorization_endpoint, token_endpoint, jwks_uri]) {
    if (endpoint === undefined) return unfit("it lacks an authorization_endpoint or a token_endpoint");
    if (!isSafeAddress(endpoint) || new URL(endpoint).protocol !== protocol) return unfit("an endpoint is not https");
  }
  const supported = id_token_signing_alg_values_supported ?? ["RS256"];
  const keys = createRemoteJWKSet(new URL(jwks_uri), {
    timeoutDuration: respondWithinMs,
    cacheMaxAge: keepMetadataMs,
    [keysFetch]: fetchFromIssuer,
  });
  return { config, keys, signingAlgorithms: algorithms.filter((one) => supported.includes(one)) };
}

/** Sends the secret as the issuer supports it. The default of OpenID Connect Core 1.0, 9, is the header. */
function secretAuth(secret: string): ClientAuth {
  const [inHeader, inBody] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server, client, body, headers) => {
    const auth = usesHeader(server) ? inHeader : inBody;
    auth(server, client, body, headers);
  };
}

function usesHeader({
  token_endpoint_auth_methods_supported: methods,
}: Pick<ServerMetadata, "token_endpoint_auth_methods_supported">): boolean {
  return methods === undefined || methods.includes("client_secret_basic");
}

function unfit(reason: string): Refusal {
  return refusal("unavailable", `The issuer of your company cannot be used: ${reason}. The operator checks it.`);
}
