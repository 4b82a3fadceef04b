import { wall } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { findLeftCases } from "../store/canary-steps.ts";
import type { WriteRequest } from "./case-writer.ts";

/**
 * Closes the cases that runs of canaries left open, for example because their process died. The command goes to the case writer and not
 * through the door, because the door may be the component that failed. A case that another process has closed stays as it is. Returns
 * the number of cases.
 */
export async function closeLeftCases(database: Database, writeRequest: WriteRequest): Promise<number> {
  const left = await findLeftCases(database);
  for (const { id, carrier } of left) {
    const path = `canary/${id}/close`;
    await writeRequest({
      idempotency: { party: carrier, key: path, timeline: wall, method: "POST", path, body: undefined },
      actor: { party: carrier, automated: true },
      origin: {},
      command: { type: "change", caseId: id, change: { type: "close", note: "A canary's run left this case open." } },
    });
  }
  return left.length;
}
