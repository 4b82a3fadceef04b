import { type Refusal, refusal, wall } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { CommandResponse } from "./save-responses.ts";
import { hashOf, type IdempotentRequest, nameOf } from "./request.ts";
import { unseal } from "./seal.ts";

/** What to do with a request: it is `new` and ours until the transaction ends, or it has its answer, or it is refused. */
export type KeyClaim =
  | { readonly is: "new" }
  | { readonly is: "answered"; readonly answer: CommandResponse }
  | { readonly is: "refused"; readonly refusal: Refusal };

const inProgress: KeyClaim = {
  is: "refused",
  refusal: refusal("request_in_progress", "Wait for its answer, or repeat the request in a moment.", {
    retryAfterSeconds: 1,
  }),
};
const mismatch: KeyClaim = {
  is: "refused",
  refusal: refusal("idempotency_mismatch", "Send the first request again as it was, or this one with a new key."),
};

type StoredResponse = { position: number; hash: Buffer; status: number; answer: string };

/**
 * Claims the keys of some requests (a few hundred at most, as each takes a lock of the server's table until the transaction
 * ends) in one round trip; claims come in the order of the requests. Never waits: who comes second while the first is at
 * work is refused at once, also in another process, also within one batch. For every `new` one, `keepAnswers` is to be
 * called in the same transaction.
 */
export async function claimKeys(tx: Tx, requests: readonly IdempotentRequest[]): Promise<KeyClaim[]> {
  // Two statements in one packet. The second has a snapshot of its own, taken after the locks: what it does not see
  // nobody has committed, and nobody else can.
  const [locks, kept] = await Promise.all([tryLocks(tx, requests), findStored(tx, requests)]);
  const answers = new Map(kept.map((row) => [row.position, row]));
  const seen = new Set<string>();
  return requests.map((request, index): KeyClaim => {
    const row = answers.get(index + 1);
    if (row !== undefined) return repeatResponse(request, row);
    const name = nameOf(request);
    if (locks[index]?.locked !== true || seen.has(name)) return inProgress;
    seen.add(name);
    return { is: "new" };
  });
}

function repeatResponse(request: IdempotentRequest, row: StoredResponse): KeyClaim {
  if (!row.hash.equals(hashOf(request))) return mismatch;
  const text = request.sealedBy === undefined ? row.answer : unseal(row.answer, request.sealedBy);
  return { is: "answered", answer: { status: row.status, body: JSON.parse(text) as unknown, text } };
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

/** By the primary key as it is: one that begins with the key, which alone tells rows apart, was as slow. */
function findStored(tx: Tx, requests: readonly IdempotentRequest[]): Promise<StoredResponse[]> {
  return tx.query({
    name: "idempotency.find-kept",
    text: `
      -- idempotency.find-kept
      select position, kept.request_hash as hash, kept.status, kept.answer
      from unnest($1::text[], $2::text[], $3::text[]) with ordinality as wanted (party, timeline, key, position)
      join idempotency kept using (party, timeline, key)`,
    values: [
      requests.map(({ party }) => party),
      requests.map(({ timeline = wall }) => timeline),
      requests.map(({ key }) => key),
    ],
  });
}
