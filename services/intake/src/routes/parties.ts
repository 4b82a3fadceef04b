import {
  createPartyRequest,
  resultPageLimit,
  partyId,
  partyResultPage,
  presentedParty,
  refusal,
} from "@crossline/contracts";
import { withIdempotency } from "@crossline/idempotency";
import { type Http, isRefusal, send } from "@crossline/service";
import { z } from "zod";
import { createParty } from "../commands/parties.ts";
import { listParties } from "../store/parties.ts";
import type { RouteDeps } from "./deps.ts";
import { idempotencyOf, markReplayed } from "./post-request.ts";
import { presentParties } from "./present-party.ts";

/** Serves the routes with which the operator manages parties. */
export function serveParties(http: Http, { database, onCommitted }: RouteDeps): void {
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
