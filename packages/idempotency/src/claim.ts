import { type Refusal, refusal, wall } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { CommandResponse } from "./save-responses.ts";
import { hashOf, type IdempotentRequest, nameOf } from "./request.ts";
import { unseal } from "./seal.ts";

/**
 * The result of a claim. `new` means that this transaction executes the request. `repeated` contains the stored
 * response, and `refused` contains the reason.
 */
export type KeyClaim =
  | { readonly is: "new" }
  | { readonly is: "repeated"; readonly response: CommandResponse }
  | { readonly is: "refused"; readonly refusal: Refusal };

const inProgress: KeyClaim = {
  is: "refused",
  refusal: refusal("request_in_progress", "Wait for its response, or repeat the request in a moment.", {
    retryAfterSeconds: 1,
  }),
};
const mismatch: KeyClaim = {
  is: "refused",
  refusal: refusal("idempotency_mismatch", "Send the first request again unchanged, or this request with a new key."),
};

/**
 * A request whose sender has gone is not executed. During an outage of Postgres a client repeats a request elsewhere, and can get a
 * refusal there. If this service then executed the first request, a refused command would take effect.
 */
const abandoned: KeyClaim = {
  is: "refused",
  refusal: refusal("request_in_progress", "The connection was closed before the request was executed."),
};

type StoredResponse = { position: number; hash: Buffer; status: number; answer: string };

/**
 * Claims the keys of some requests in one round trip. Returns the claims in the order of the requests. Each key takes a
 * place in Postgres' lock table until the transaction ends, so a call may contain only a few hundred requests. The
 * function never waits. While a request is in progress in any process, or in the same batch, the function refuses a
 * second request with the same key. The function also refuses a request whose sender has closed its connection. For every `new` claim the caller must call `saveResponses` in the same transaction.
 */
export async function claimKeys(tx: Tx, requests: readonly IdempotentRequest[]): Promise<KeyClaim[]> {
  // The two statements below share one packet. The snapshot of the second statement begins after the first statement
  // has taken the locks. If the snapshot does not contain a response, no transaction has committed that response, and
  // no other transaction can commit it now.
  const [locks, rows] = await Promise.all([tryLocks(tx, requests), findStored(tx, requests)]);
  const stored = new Map(rows.map((row) => [row.position, row]));
  const claimed = new Set<string>();
  return requests.map((request, index): KeyClaim => {
    if (request.isAbandoned?.() === true) return abandoned;
    const row = stored.get(index + 1);
    if (row !== undefined) return repeatResponse(request, row);
    const name = nameOf(request);
    if (locks[index]?.locked !== true || claimed.has(name)) return inProgress;
    claimed.add(name);
    return { is: "new" };
  });
}

function repeatResponse(request: IdempotentRequest, row: StoredResponse): KeyClaim {
  if (!row.hash.equals(hashOf(request))) return mismatch;
  const text = request.sealedBy === undefined ? row.answer : unseal(row.answer, request.sealedBy);
  return { is: "repeated", response: { status: row.status, body: JSON.parse(text) as unknown, text } };
}

function tryLocks(tx: Tx, requests: readonly IdempotentRequest[]): Promise<{ locked: boolean }[]> {
  return tx.query({
    name: "idempotency.try-locks",
    text: `
      -- idempotency.try-locks
      select pg_try_advisory_xact_lock(hashtextextended(current_schema() || '/idempotency/' || name, 0)) as locked
      from unnest($1::text[]) with ordinality as wanted (name, position)
      order by position`,
    values: [requests.map(nameOf)],
  });
}

/** An index that begins with the key, the most selective column, was as slow as this primary key. */
function findStored(tx: Tx, requests: readonly IdempotentRequest[]): Promise<StoredResponse[]> {
  return tx.query({
    name: "idempotency.find-stored",
    text: `
      -- idempotency.find-stored
      select position, stored.request_hash as hash, stored.status, stored.answer
      from unnest($1::text[], $2::text[], $3::text[]) with ordinality as wanted (party, timeline, key, position)
      join idempotency stored using (party, timeline, key)`,
    values: [
      requests.map(({ party }) => party),
      requests.map(({ timeline = wall }) => timeline),
      requests.map(({ key }) => key),
    ],
  });
}
