import {
  createKeyRequest,
  createKeyResponse,
  formatInstant,
  keyList,
  keyScopes,
  parseDuration,
  parseInstant,
  partyId,
  rotateKeyRequest,
  rotateKeyResponse,
} from "@crossline/contracts";
import { type IdempotentRequest, withIdempotency } from "@crossline/idempotency";
import { type FastifyRequest, type Http, callerOf, credentialOf, isRefusal, refuse, send } from "@crossline/service";
import { z } from "zod";
import { type NewKey, createKey, deleteKey, rotatePartyKey } from "../commands/keys.ts";
import { listKeys } from "../store/keys.ts";
import { findListed } from "../store/parties.ts";
import type { RouteDeps } from "./deps.ts";
import { isOwn, noSuchParty } from "./named-party.ts";
import { idempotencyOf, markReplayed } from "./post-request.ts";
import { presentKey } from "./present-party.ts";

const params = z.object({ party: partyId });
const keyParams = params.extend({ keyId: z.string().max(64) });

/** Serves the routes with which a company manages its own API keys, and the operator the keys of every company. */
export function serveKeys(http: Http, deps: RouteDeps): void {
  serveKeyList(http, deps);
  serveCreation(http, deps);
  serveRotation(http, deps);
  serveDeletion(http, deps);
}

function serveKeyList(http: Http, { database }: RouteDeps): void {
  http.get(
    "/v1/parties/:party/keys",
    {
      schema: {
        operationId: "listKeys",
        summary: "List the API keys of your own party",
        params,
        response: { 200: keyList },
      },
    },
    async (request, reply) => {
      const { party } = request.params;
      const found = isOwn(callerOf(request), party) ? await findListed(database, party) : undefined;
      if (found === undefined) return send(reply, 200, noSuchParty(party));
      return send(reply, 200, { keys: (await listKeys(database, [party])).map(presentKey) });
    },
  );
}

function serveCreation(http: Http, { database, onCommitted }: RouteDeps): void {
  http.post(
    "/v1/parties/:party/keys",
    {
      schema: {
        operationId: "createKey",
        summary: "Create an API key; only this response contains the key",
        description: "The new key never has more scopes than your own key, and never a longer life.",
        refuses: ["limit_reached"],
        params,
        body: createKeyRequest,
        response: { 201: createKeyResponse },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { party } = request.params;
      if (!isOwn(caller, party)) return send(reply, 201, noSuchParty(party));
      const sealed = sealedIdempotency(request, request.body);
      if (isRefusal(sealed)) return send(reply, 201, sealed);
      const outcome = await withIdempotency(database, sealed, async (tx) => {
        const { label, scopes, expiresAt } = request.body;
        const wanted = {
          party,
          label,
          scopes,
          expiresAt: expiresAt === undefined ? undefined : parseInstant(expiresAt),
        };
        const created = await createKey(tx, caller, wanted);
        return isRefusal(created) ? created : { status: 201, body: presentNew(party, created) };
      });
      onCommitted();
      markReplayed(reply, outcome);
      void reply.header("cache-control", "no-store");
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}

function serveRotation(http: Http, { database, onCommitted }: RouteDeps): void {
  http.post(
    "/v1/parties/:party/keys/:keyId/rotate",
    {
      schema: {
        operationId: "rotateKey",
        summary: "Replace an API key; only this response contains the new key",
        description:
          "The new key has the label and the scopes of the old key. Both keys work until the overlap ends, then only the new key.",
        refuses: ["limit_reached", "key_ended"],
        params: keyParams,
        body: rotateKeyRequest,
        response: { 201: rotateKeyResponse },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { party, keyId } = request.params;
      if (!isOwn(caller, party)) return send(reply, 201, noSuchParty(party));
      const sealed = sealedIdempotency(request, request.body);
      if (isRefusal(sealed)) return send(reply, 201, sealed);
      const outcome = await withIdempotency(database, sealed, async (tx) => {
        const { overlap, expiresAt } = request.body;
        const wanted = {
          overlapMs: parseDuration(overlap),
          expiresAt: expiresAt === undefined ? undefined : parseInstant(expiresAt),
        };
        const rotated = await rotatePartyKey(tx, caller, { party, keyId }, wanted);
        if (isRefusal(rotated)) return rotated;
        const replaces = { keyId, expiresAt: formatInstant(rotated.oldExpiresAt) };
        return { status: 201, body: { ...presentNew(party, rotated.created), replaces } };
      });
      onCommitted();
      markReplayed(reply, outcome);
      void reply.header("cache-control", "no-store");
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
}

function serveDeletion(http: Http, { database, onCommitted }: RouteDeps): void {
  http.delete(
    "/v1/parties/:party/keys/:keyId",
    {
      schema: {
        operationId: "deleteKey",
        summary: "Delete an API key",
        description: "A company cannot delete its last key that can manage keys.",
        refuses: ["last_key"],
        params: keyParams,
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { party, keyId } = request.params;
      if (!isOwn(caller, party)) return refuse(reply, noSuchParty(party));
      const refused = await database.transaction((tx) => deleteKey(tx, caller, { party, keyId }));
      if (refused !== undefined) return refuse(reply, refused);
      onCommitted();
      return reply.code(204).send();
    },
  );
}

/**
 * Returns the data by which intake recognizes a repeated request for a new key. The stored response contains the new key. Intake
 * therefore encrypts the response with the caller's key, so that the database does not reveal the new key.
 */
function sealedIdempotency(request: FastifyRequest<any, any, any, any, any, any>, body: unknown) {
  const key = idempotencyOf(request, body);
  return isRefusal(key)
    ? key
    : ({ ...key, sealedBy: credentialOf(request as FastifyRequest) } satisfies IdempotentRequest);
}

function presentNew(party: string, { keyId, key, label, scopes, createdAt, expiresAt }: NewKey) {
  return {
    party,
    keyId,
    key,
    ...(label !== undefined && { label }),
    scopes: [...(scopes ?? keyScopes)],
    createdAt: formatInstant(createdAt),
    ...(expiresAt !== undefined && { expiresAt: formatInstant(expiresAt) }),
  };
}
