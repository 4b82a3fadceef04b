import { wall } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { hashOf, type IdempotentRequest } from "./request.ts";
import { seal } from "./seal.ts";

/** An HTTP status and the body that goes with it as JSON (`null` for none). */
export type CommandResponse<Body = unknown> = {
  readonly status: number;
  readonly body: Body;
  /** The body as JSON, where it is written already: for a caller who sends it as it is kept. */
  readonly text?: string;
};

/**
 * Writes down the answers to requests that `claimKeys` called new, in the same transaction. One statement; not awaited, it
 * travels with the commit, which fails if this does.
 */
export async function saveResponses(
  tx: Tx,
  answered: readonly { readonly request: IdempotentRequest; readonly answer: CommandResponse }[],
): Promise<void> {
  if (answered.length === 0) return;
  await tx.query({
    name: "idempotency.keep-answers",
    text: `
      -- idempotency.keep-answers
      insert into idempotency (party, timeline, key, request_hash, status, answer)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::smallint[],
        string_to_array($6, E'\\n'))`,
    values: [
      answered.map(({ request }) => request.party),
      answered.map(({ request }) => request.timeline ?? wall),
      answered.map(({ request }) => request.key),
      answered.map(({ request }) => hashOf(request)),
      answered.map(({ answer }) => answer.status),
      // One text, split there: JSON and base64 have no line ends, and as text[] every quote would be escaped.
      answered
        .map(({ request, answer }) => {
          const text = answer.text ?? JSON.stringify(answer.body ?? null);
          return request.sealedBy === undefined ? text : seal(text, request.sealedBy);
        })
        .join("\n"),
    ],
  });
}
