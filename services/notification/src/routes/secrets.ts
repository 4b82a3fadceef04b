import {
  formatInstant,
  lastResortSecret,
  parseDuration,
  type Refusal,
  refusal,
  renewedSecret,
  renewSecretRequest,
  subscriptionParams,
} from "@crossline/contracts";
import { renewSecret } from "@crossline/domain";
import { type IdempotentOutcome, readIdempotentRequest, withIdempotency } from "@crossline/idempotency";
import { type Database, now } from "@crossline/postgres";
import {
  callerOf,
  type FastifyReply,
  type FastifyRequest,
  type Http,
  isRefusal,
  refuse,
  send,
} from "@crossline/service";
import type { z } from "zod";
import { lastResortSecrets } from "../store/last-resort-secret.ts";
import { type SecretsStore, secretsOfParty, secretsOfSubscription } from "../store/secrets.ts";
import { newSecret } from "../delivery/signature.ts";

type RenewedSecretBody = z.infer<typeof renewedSecret>;
type SecretRouteDeps = { readonly database: Database };

/** The operator has no secrets. */
const refuses = ["forbidden"] as const;

/** Registers `/v1/subscriptions/{id}/secret`, which renews the secret of a subscription's webhooks and ends the former secret. */
export function serveSubscriptionSecrets(http: Http, { database }: SecretRouteDeps): void {
  const params = subscriptionParams;
  const schema = {
    operationId: "renewSubscriptionSecret",
    summary: "Renew the secret of a subscription; the former secret stays valid for a time",
    refuses: [...refuses, "limit_reached"],
  } as const;
  http.post(
    "/v1/subscriptions/:id/secret",
    { schema: { ...schema, params, body: renewSecretRequest, response: { 201: renewedSecret } } },
    async (request, reply) => {
      const store = secretsOfSubscription(callerOf(request).party, request.params.id);
      const outcome = await renew(database, request, store, request.body.formerFor);
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.delete(
    "/v1/subscriptions/:id/secret/former",
    {
      schema: {
        operationId: "endFormerSubscriptionSecret",
        summary: "End the former secret now",
        refuses,
        params,
      },
    },
    (request, reply) => endFormer(database, reply, secretsOfSubscription(callerOf(request).party, request.params.id)),
  );
}

/** Registers `/v1/last-resort-secret`, which reads and renews the secret of a party's pages and calls of the last resort. */
export function serveLastResortSecrets(http: Http, { database }: SecretRouteDeps): void {
  http.get(
    "/v1/last-resort-secret",
    {
      schema: {
        operationId: "readLastResortSecret",
        summary: "Read the secret that signs calls of the last resort and pages",
        refuses,
        response: { 200: lastResortSecret },
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const secrets = await database.transaction((tx) => lastResortSecrets(tx, [party]));
      const { secret = "", former = null } = secrets.get(party) ?? {};
      const until = former !== null && former.until > (await now(database)) ? former.until : undefined;
      return send(reply, 200, { secret, ...(until !== undefined && { formerSecretUntil: formatInstant(until) }) });
    },
  );
  http.post(
    "/v1/last-resort-secret",
    {
      schema: {
        operationId: "renewLastResortSecret",
        refuses: [...refuses, "limit_reached"],
        summary: "Renew the secret of calls and pages; the former secret stays valid for a time",
        body: renewSecretRequest,
        response: { 201: renewedSecret },
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      // A party's secret is created at its first use.
      await database.transaction((tx) => lastResortSecrets(tx, [party]));
      const outcome = await renew(database, request, secretsOfParty(party), request.body.formerFor);
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  http.delete(
    "/v1/last-resort-secret/former",
    {
      schema: {
        operationId: "endFormerLastResortSecret",
        summary: "End the former secret of calls and pages now",
        refuses: [...refuses, "not_found"],
      },
    },
    (request, reply) => endFormer(database, reply, secretsOfParty(callerOf(request).party)),
  );
}

const noSubscription: Refusal = refusal("not_found", "You have no webhook subscription with this id.");
const noFormerSecret: Refusal = refusal("not_found", "No former secret is valid.");

async function renew(
  database: Database,
  request: FastifyRequest,
  store: SecretsStore,
  formerFor: string,
): Promise<IdempotentOutcome<RenewedSecretBody>> {
  const read = readIdempotentRequest(request, callerOf(request).party);
  if (isRefusal(read)) return read;
  return withIdempotency<RenewedSecretBody>(database, { ...read, body: { formerFor } }, async (tx) => {
    const before = await store.lock(tx);
    if (before === undefined) return noSubscription;
    const renewed = renewSecret(before, newSecret(), await now(tx), parseDuration(formerFor));
    if (isRefusal(renewed)) return renewed;
    await store.save(tx, renewed);
    const { secret, former } = renewed;
    return {
      status: 201,
      body: { secret, ...(former !== null && { formerSecretUntil: formatInstant(former.until) }) },
    };
  });
}

async function endFormer(database: Database, reply: FastifyReply, store: SecretsStore): Promise<FastifyReply> {
  const refused = await database.transaction(async (tx) => {
    const before = await store.lock(tx);
    if (before === undefined) return noSubscription;
    if (before.former === null || before.former.until <= (await now(tx))) return noFormerSecret;
    await store.save(tx, { ...before, former: null });
    return undefined;
  });
  return refused === undefined ? reply.code(204).send() : refuse(reply, refused);
}
