import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type ClientMetadata, Provider } from "oidc-provider";
import type { Stage } from "./stage.ts";

/** A real issuer of OpenID Connect on this machine, for tests. Each person of `people` can sign in without a password. */
export type TestIssuer = {
  readonly url: string;
  readonly provider: Provider;
  /** Signs a token with the key of the issuer. */
  readonly sign: (claims: object) => string;
  readonly close: () => Promise<void>;
};

/** The claims of each person, by `sub`. */
export type People = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type Site = { readonly name: string; readonly sessionRequired: boolean };

export const clientSecret = "a-secret-that-only-the-issuer-and-crossline-have";

/** Starts an issuer with one client for each party. The browser names the person who signs in by its cookie `person`. */
export async function openIssuer(
  stage: Pick<Stage, "url">,
  people: People,
  sites: readonly Site[],
): Promise<TestIssuer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { ...privateKey.export({ format: "jwk" }), kid: "test", use: "sig", alg: "RS256" };
  const provider = new Provider(url, {
    clients: sites.map((site) => clientOf(stage, site)),
    jwks: { keys: [jwk] },
    cookies: { keys: ["a-key-of-the-test"] },
    claims: { openid: ["sub", "employee", "crossline_roles", "groups"] },
    conformIdTokenClaims: false,
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: false } },
    // The provider sends no logout token to this machine, unless the request has no dispatcher of its own.
    fetch: (address, request = {}) => {
      const { dispatcher: _, ...plain } = request;
      return fetch(address, plain);
    },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! });
      grant.addOIDCScope("openid");
      await grant.save();
      return grant;
    },
  });
  serve(server, provider);
  return {
    url,
    provider,
    sign: (claims) => signToken(privateKey, claims),
    close: async () => {
      server.closeAllConnections();
      server.close();
      if (server.listening) await once(server, "close");
    },
  };
}

function clientOf({ url }: Pick<Stage, "url">, { name, sessionRequired }: Site): ClientMetadata {
  return {
    client_id: name,
    client_secret: clientSecret,
    redirect_uris: [`${url}/v1/session/oidc/callback`],
    backchannel_logout_uri: `${url}/v1/session/oidc/${name}/logout`,
    backchannel_logout_session_required: sessionRequired,
  };
}

function serve(server: Server, provider: Provider): void {
  const respond = provider.callback();
  server.on("request", (request, response) => {
    if (request.url?.startsWith("/interaction/") !== true) return void respond(request, response);
    const accountId = /(?:^|; )person=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1];
    const result =
      accountId === undefined
        ? { error: "access_denied", error_description: "Ada Lovett is not allowed" }
        : { login: { accountId } };
    void provider.interactionFinished(request, response, result);
  });
}

/** Returns a JSON Web Token (RFC 7519) that a key signs with RS256. */
export function signToken(key: Parameters<typeof sign>[2], claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "RS256", typ: "logout+jwt", kid: "test" })}.${part(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
}
