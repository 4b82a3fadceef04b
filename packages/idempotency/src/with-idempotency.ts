import { type Refusal, isRefusal } from "@crossline/contracts";
import type { Database, Tx } from "@crossline/postgres";
import { claimKeys } from "./claim.ts";
import { type CommandResponse, saveResponses } from "./save-responses.ts";
import type { IdempotentRequest } from "./request.ts";

/** The answer, `replayed` where it is the first one again; or why there is none. */
export type IdempotentOutcome<Body> = (CommandResponse<Body> & { readonly replayed: boolean }) | Refusal;

/**
 * Runs `work` at most once for a party's key, in one transaction with the key's row: a crash leaves both or neither.
 * The same request again gets the first answer (through JSON, as it was sent); another one under the same key
 * `idempotency_mismatch`; one whose first is still at work `request_in_progress`, without waiting.
 *
 * A refusal that `work` returns rolls everything back and is not kept, as a fault is not: nothing was done, so the same
 * request may be sent again and is judged anew. Costs one round trip: the claim; the answer travels with the commit.
 */
export async function withIdempotency<Body>(
  database: Pick<Database, "transaction">,
  request: IdempotentRequest,
  work: (tx: Tx) => Promise<CommandResponse<Body> | Refusal>,
): Promise<IdempotentOutcome<Body>> {
  let refused: Refusal | undefined;
  try {
    return await database.transaction(async (tx): Promise<IdempotentOutcome<Body>> => {
      const [claim] = await claimKeys(tx, [request]);
      if (claim === undefined) throw new Error("a claim got no verdict");
      if (claim.is === "refused") return claim.refusal;
      if (claim.is === "answered") return { ...(claim.answer as CommandResponse<Body>), replayed: true };
      const result = await work(tx);
      if (isRefusal(result)) {
        refused = result;
        throw rollBack;
      }
      saveResponses(tx, [{ request, answer: result }]).catch(() => {}); // the commit says so
      return { ...result, replayed: false };
    });
  } catch (error) {
    if (error === rollBack && refused !== undefined) return refused;
    throw error;
  }
}

const rollBack = new Error("refused: the transaction is rolled back");
