import { type PresentedParty, formatInstant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { type KeyRow, listKeys } from "../store/keys.ts";
import type { ListedParty } from "../store/parties.ts";

/** Returns parties as the API presents them, each with its keys. */
export async function presentParties(tx: Tx, rows: readonly ListedParty[]): Promise<PresentedParty[]> {
  const keys = await listKeys(
    tx,
    rows.map(({ party }) => party),
  );
  const byParty = Map.groupBy(keys, ({ party }) => party);
  return rows.map((row) => presentParty(row, byParty.get(row.party) ?? []));
}

function presentParty(row: ListedParty, keys: readonly KeyRow[]): PresentedParty {
  return {
    ...row,
    keyIds: keys.map(({ keyId }) => keyId),
    keys: keys.map(({ keyId, label, createdAt, lastUsedAt }) => ({
      keyId,
      ...(label !== null && { label }),
      ...(createdAt !== null && { createdAt: formatInstant(createdAt) }),
      ...(lastUsedAt !== null && { lastUsedAt: formatInstant(lastUsedAt) }),
    })),
  };
}
