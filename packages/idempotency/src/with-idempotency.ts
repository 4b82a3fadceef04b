import { type Refusal, isRefusal } from "@crossline/contracts";
import type { Database, Tx } from "@crossline/postgres";
import { claimKeys } from "./claim.ts";
import { type CommandResponse, saveResponses } from "./save-responses.ts";
import type { IdempotentRequest } from "./request.ts";

/** The response or the refusal. A stored response has `replayed: true`. */
export type IdempotentOutcome<Body> = (CommandResponse<Body> & { readonly replayed: boolean }) | Refusal;

/**
 * Runs `work` at most once for a party's key. One transaction saves the effects of `work` and the row of the key, so
 * after a crash both exist or neither. A repeated request gets the first response, parsed from the stored JSON. A
 * request with other content under the same key gets `idempotency_mismatch`. While the first request is in progress, a
 * repeated request gets `request_in_progress` at once.
 *
 * If `work` returns a refusal, the transaction is rolled back and the refusal is not stored, as after a fault. The
 * client can then send the same request again, and `work` decides again. The claim costs one round trip; the response
 * shares a packet with the commit.
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
      if (claim === undefined) throw new Error("claimKeys returned no claim");
      if (claim.is === "refused") return claim.refusal;
      if (claim.is === "repeated") return { ...(claim.response as CommandResponse<Body>), replayed: true };
      const result = await work(tx);
      if (isRefusal(result)) {
        refused = result;
        throw rollBack;
      }
      saveResponses(tx, [{ request, response: result }]).catch(() => {}); // the commit reports the fault
      return { ...result, replayed: false };
    });
  } catch (error) {
    if (error === rollBack && refused !== undefined) return refused;
    throw error;
  }
}

const rollBack = new Error("the request was refused; the transaction is rolled back");
