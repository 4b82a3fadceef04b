import { type KeyObject, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { type RequestListener, createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An issuer on this machine whose token endpoint a test controls. */
export type HostileIssuer = {
  readonly url: string;
  /** The key that the metadata of the issuer names. */
  readonly key: KeyObject;
  /** Sets the response of the token endpoint. */
  respondToken: RequestListener;
  /** The number of requests to the token endpoint, and to addresses that no metadata names. */
  readonly counts: { token: number; other: number };
  readonly close: () => Promise<void>;
};

/** Starts an issuer with valid metadata and valid keys. */
export async function openHostileIssuer(): Promise<HostileIssuer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const documents: Readonly<Record<string, object>> = {
    "/.well-known/openid-configuration": {
      issuer: url,
      authorization_endpoint: `${url}/auth`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    },
    "/keys": { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "test", use: "sig", alg: "RS256" }] },
  };
  const issuer: HostileIssuer = {
    url,
    key: privateKey,
    respondToken: (_request, response) => void response.writeHead(400).end(),
    counts: { token: 0, other: 0 },
    close: async () => {
      server.closeAllConnections();
      server.close();
      if (server.listening) await once(server, "close");
    },
  };
  server.on("request", (request, response) => {
    const document = documents[request.url ?? ""];
    if (document !== undefined)
      return void response.setHeader("content-type", "application/json").end(JSON.stringify(document));
    issuer.counts[request.url === "/token" ? "token" : "other"] += 1;
    if (request.url === "/token") issuer.respondToken(request, response);
    else response.writeHead(404).end();
  });
  return issuer;
}
