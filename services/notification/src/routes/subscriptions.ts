import {
  createdSubscription,
  formatInstant,
  namesPrivateAddress,
  newId,
  type Refusal,
  refusal,
  type Subscription,
  subscriptionList,
  subscriptionParams,
  type SubscriptionRequest,
  subscriptionRequest,
  subscription,
  timelineKind,
} from "@crossline/contracts";
import { faultOfAddress, isSameSubscription } from "@crossline/domain";
import { readIdempotentRequest, withIdempotency } from "@crossline/idempotency";
import { type Database, now, type Tx } from "@crossline/postgres";
import { type Caller, callerOf, pollUntilFound, type Http, isNewId, isRefusal, send } from "@crossline/service";
import {
  deleteSubscription,
  findSubscription,
  insertSubscription,
  listSubscriptions,
  lockSubscriptions,
  type SubscriptionRow,
} from "../store/subscription.ts";
import { findTimeline } from "../store/timeline.ts";
import { mailAddressOf, toMailto } from "../delivery/mail-address.ts";
import { newSecret } from "../delivery/signature.ts";
import { orNotFound } from "./or-not-found.ts";

export type SubscriptionRouteDeps = {
  readonly database: Database;
  readonly privateAddresses: "refuse" | "allow";
  /** Whether notification sends mail. */
  readonly mails: boolean;
  readonly most: number;
};

/** The operator has no subscriptions. */
const refuses = ["forbidden"] as const;

/** Registers `/v1/subscriptions`, with which a company chooses the events that it receives. */
export function serveSubscriptions(http: Http, deps: SubscriptionRouteDeps): void {
  const { database } = deps;

  http.post(
    "/v1/subscriptions",
    {
      schema: {
        operationId: "createSubscription",
        summary: "Subscribe to the events of your cases, by webhook or by mail",
        refuses: [...refuses, "already_exists", "limit_reached", "not_found"],
        body: subscriptionRequest,
        response: { 201: createdSubscription },
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const read = readIdempotentRequest(request, party);
      if (isRefusal(read)) return send(reply, 201, read);
      const { body } = request;
      const missing = await refuseUnknownTimeline(database, party, body.timeline);
      if (missing !== undefined) return send(reply, 201, missing);
      const outcome = await withIdempotency(database, read, async (tx) => {
        const row = toRow(callerOf(request), body, await now(tx), deps);
        if (isRefusal(row)) return row;
        const refused = await addSubscription(tx, row, deps.most);
        if (refused !== undefined) return refused;
        return { status: 201, body: { ...present(row), ...(body.mail === undefined && { secret: row.secret }) } };
      });
      return send(reply, 201, isRefusal(outcome) ? outcome : outcome.body);
    },
  );
  serveSubscriptionReads(http, deps);
}

/** Registers the routes that read and delete subscriptions. */
function serveSubscriptionReads(http: Http, { database }: SubscriptionRouteDeps): void {
  http.get(
    "/v1/subscriptions",
    {
      schema: {
        operationId: "listSubscriptions",
        summary: "List your subscriptions",
        refuses,
        response: { 200: subscriptionList },
      },
    },
    async (request, reply) => {
      const rows = await listSubscriptions(database, callerOf(request).party);
      return send(reply, 200, { items: rows.map(present) });
    },
  );

  http.get(
    "/v1/subscriptions/:id",
    {
      schema: {
        operationId: "readSubscription",
        summary: "Read a subscription",
        refuses,
        params: subscriptionParams,
        response: { 200: subscription },
      },
    },
    async (request, reply) => {
      const row = await findSubscription(database, callerOf(request).party, request.params.id);
      return send(reply, 200, orNotFound(row && present(row), "subscription"));
    },
  );

  http.delete(
    "/v1/subscriptions/:id",
    {
      schema: {
        operationId: "deleteSubscription",
        summary: "Delete a subscription; its waiting deliveries are cancelled",
        refuses,
        params: subscriptionParams,
      },
    },
    async (request, reply) => {
      const { party } = callerOf(request);
      const deleted = await database.transaction((tx) => deleteSubscription(tx, party, request.params.id));
      const refused = orNotFound(deleted || undefined, "subscription");
      return isRefusal(refused) ? send(reply, 204 as never, refused) : reply.code(204).send();
    },
  );
}

/**
 * Refuses an unknown stepped timeline. The refusal comes after a short wait, since notification may not have read a new timeline
 * yet.
 */
async function refuseUnknownTimeline(
  database: Database,
  party: string,
  timeline: string,
): Promise<Refusal | undefined> {
  if (timelineKind(timeline) !== "stepped") return undefined;
  const row = await pollUntilFound(
    party,
    () => findTimeline(database, timeline),
    () => isNewId(timeline),
  );
  if (row !== undefined) return undefined;
  const fields = [{ at: "/timeline", message: "does not exist" }];
  return refusal("not_found", "There is no timeline with this id.", { fields });
}

/**
 * Adds a subscription unless an equal one is active. The lock serializes concurrent requests, so that each request sees the rows
 * of the other requests.
 */
async function addSubscription(tx: Tx, row: SubscriptionRow, most: number): Promise<Refusal | undefined> {
  await lockSubscriptions(tx, row.party);
  const rows = await listSubscriptions(tx, row.party);
  const same = rows.find((other) => other.endedAt === null && isSameSubscription(row, other));
  if (same !== undefined)
    return refusal(
      "already_exists",
      `The subscription ${same.subscriptionId} sends the same events to the same address.`,
      {
        facts: { subscriptionId: same.subscriptionId },
      },
    );
  if (rows.length >= most)
    return refusal("limit_reached", `A party can have at most ${most} subscriptions; delete one first.`);
  await insertSubscription(tx, row);
  return undefined;
}

function toRow(
  caller: Caller,
  { url, mail, events, timeline, description }: SubscriptionRequest,
  createdAt: number,
  { privateAddresses, mails }: Pick<SubscriptionRouteDeps, "privateAddresses" | "mails">,
): SubscriptionRow | Refusal {
  if (timelineKind(timeline) === "import") return refuseField("/timeline", "is an import, whose events are never sent");
  if (mail !== undefined && !mails) return refuseField("/mail", "is not available: this installation sends no mail");
  const fault = url === undefined ? undefined : faultOfUrl(url, privateAddresses);
  if (fault !== undefined) return refuseField("/url", fault);
  return {
    subscriptionId: newId("sub"),
    party: caller.party,
    partyKind: caller.kind === "vendor" ? "vendor" : "carrier",
    timeline,
    url: url === undefined ? toMailto(mail ?? "") : new URL(url).href,
    events: events === undefined ? null : [...new Set(events)],
    description: description ?? null,
    secret: newSecret(),
    formerSecretUntil: null,
    createdAt,
    endedAt: null,
  };
}

function faultOfUrl(text: string, privateAddresses: "refuse" | "allow"): string | undefined {
  const fault = faultOfAddress(text);
  if (fault !== undefined) return fault;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  if (url.hash !== "") return "must not have a fragment";
  if (privateAddresses === "refuse" && namesPrivateAddress(url))
    return "is a private address, to which notification does not connect";
  return undefined;
}

function refuseField(at: string, message: string): Refusal {
  return refusal("invalid_request", `The body is not valid: ${at} ${message}.`, { fields: [{ at, message }] });
}

function present(row: SubscriptionRow): Subscription {
  const mail = mailAddressOf(row.url);
  return {
    subscriptionId: row.subscriptionId,
    ...(mail === undefined ? { url: row.url } : { mail }),
    ...(row.events !== null && { events: [...row.events] }),
    timeline: row.timeline,
    ...(row.description !== null && { description: row.description }),
    createdAt: formatInstant(row.createdAt),
    ...(row.formerSecretUntil !== null && { formerSecretUntil: formatInstant(row.formerSecretUntil) }),
    ...(row.endedAt !== null && { disabledAt: formatInstant(row.endedAt) }),
  };
}
