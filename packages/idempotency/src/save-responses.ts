import { wall } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { hashOf, type IdempotentRequest } from "./request.ts";
import { seal } from "./seal.ts";

/** An HTTP status and its body as JSON (`null` for none). */
export type CommandResponse<Body = unknown> = {
  readonly status: number;
  readonly body: Body;
  /** The body as serialized JSON, if the caller has already serialized it and sends the same text. */
  readonly text?: string;
};

/**
 * In the transaction of `claimKeys`, saves the responses to the requests that `claimKeys` returned as `new`. The
 * function sends one statement. If the caller does not await the function, the statement shares a packet with the
 * commit, and the commit fails if the statement fails.
 */
export async function saveResponses(
  tx: Tx,
  completed: readonly { readonly request: IdempotentRequest; readonly response: CommandResponse }[],
): Promise<void> {
  if (completed.length === 0) return;
  await tx.query({
    name: "idempotency.save-responses",
    text: `
      -- idempotency.save-responses
      insert into idempotency (party, timeline, key, request_hash, status, answer)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::smallint[],
        string_to_array($6, E'\\n'))`,
    values: [
      completed.map(({ request }) => request.party),
      completed.map(({ request }) => request.timeline ?? wall),
      completed.map(({ request }) => request.key),
      completed.map(({ request }) => hashOf(request)),
      completed.map(({ response }) => response.status),
      // All bodies are one text, which Postgres splits at line ends. JSON and base64 have no line ends, and a text[]
      // would escape every quote.
      completed
        .map(({ request, response }) => {
          const text = response.text ?? JSON.stringify(response.body ?? null);
          return request.sealedBy === undefined ? text : seal(text, request.sealedBy);
        })
        .join("\n"),
    ],
  });
}
