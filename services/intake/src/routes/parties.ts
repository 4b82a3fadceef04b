import {
  createKeyRequest,
  createPartyRequest,
  formatInstant,
  createKeyResponse,
  resultPageLimit,
  partyId,
  partyResultPage,
  presentedParty,
  refusal,
} from "@crossline/contracts";
import { withIdempotency } from "@crossline/idempotency";
import { type Http, bearerKey, isRefusal, refuse, send } from "@crossline/service";
import { z } from "zod";
import { createKey, createParty, deleteKey } from "../commands/parties.ts";
import { listParties } from "../store/parties.ts";
import type { RouteDeps } from "./deps.ts";
import { idempotencyOf, markReplayed } from "./post-request.ts";
import { presentParties } from "./present-party.ts";

const partyParams = z.object({ party: partyId });

/** Serves the routes with which the operator manages parties and their keys. */
export function serveParties(http: Http, deps: RouteDeps): void {
  servePartyRoutes(http, deps);
  serveKeyRoutes(http, deps);
}

function servePartyRoutes(http: Http, { database, onCommitted }: RouteDeps): void {
  http.post(
    "/v1/parties",
    {
      schema: {
        operationId: "createParty",
        summary: "Create a party",
        refuses: ["forbidden", "already_exists"],
        body: createPartyRequest,
        response: { 201: presentedParty },
      },
    },
    async (request, reply) => {
      const key = idempotencyOf(request, request.body);
      if (isRefusal(key)) return send(reply, 201, key);
      const outcome = await withIdempotency(database, key, async (tx) => {
        if (await createParty(tx, request.body))
          return { status: 201, body: { ...request.body, keyIds: [], keys: [] } };
        return refusal("already_exists", `A party with the name ${request.body.party} already exists.`);
      });
      onCommitted();
      markReplayed(reply, outcome);
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );

  http.get(
    "/v1/parties",
    {
      schema: {
        operationId: "listParties",
        summary: "List the parties by name",
        refuses: ["forbidden"],
        querystring: z.strictObject({ cursor: partyId.optional(), limit: resultPageLimit }),
        response: { 200: partyResultPage },
      },
    },
    async (request, reply) => {
      const { cursor = "", limit } = request.query;
      const rows = await listParties(database, cursor, limit + 1);
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const items = await presentParties(database, shown);
      return send(reply, 200, { items, ...(rows.length > limit && last !== undefined && { next: last.party }) });
    },
  );
}

function serveKeyRoutes(http: Http, { database, onCommitted }: RouteDeps): void {
  http.post(
    "/v1/parties/:party/keys",
    {
      schema: {
        operationId: "createKey",
        summary: "Create an API key; only this response contains the key",
        refuses: ["forbidden", "limit_reached"],
        params: partyParams,
        body: createKeyRequest,
        response: { 201: createKeyResponse },
      },
    },
    async (request, reply) => {
      const { party } = request.params;
      const key = idempotencyOf(request, request.body);
      if (isRefusal(key)) return send(reply, 201, key);
      // The stored response contains the new key. Intake therefore encrypts the response with the operator's key, so that the database
      // does not reveal the new key.
      const sealed = { ...key, sealedBy: bearerKey(request) ?? "" };
      const outcome = await withIdempotency(database, sealed, async (tx) => {
        const { label } = request.body;
        const created = await createKey(tx, party, label);
        if (isRefusal(created)) return created;
        const createdAt = formatInstant(created.createdAt);
        return { status: 201, body: { party, ...created, ...(label !== undefined && { label }), createdAt } };
      });
      onCommitted();
      markReplayed(reply, outcome);
      void reply.header("cache-control", "no-store");
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );

  http.delete(
    "/v1/parties/:party/keys/:keyId",
    {
      schema: {
        operationId: "deleteKey",
        summary: "Delete an API key",
        refuses: ["forbidden"],
        params: partyParams.extend({ keyId: z.string().max(64) }),
      },
    },
    async (request, reply) => {
      const { party, keyId } = request.params;
      const refused = await database.transaction((tx) => deleteKey(tx, party, keyId));
      if (refused !== undefined) return refuse(reply, refused);
      onCommitted();
      return reply.code(204).send();
    },
  );
}
