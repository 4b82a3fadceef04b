import { type PresentedKey, type PresentedParty, formatInstant, keyScopes } from "@crossline/contracts";
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
    keys: keys.map(presentKey),
  };
}

/** Returns an API key as a list presents it, without the key itself. */
export function presentKey(row: KeyRow): PresentedKey {
  const { keyId, label, scopes, createdAt, expiresAt, lastUsedAt, replacedBy } = row;
  return {
    keyId,
    ...(label !== null && { label }),
    scopes: scopes ?? [...keyScopes],
    ...(createdAt !== null && { createdAt: formatInstant(createdAt) }),
    ...(expiresAt !== null && { expiresAt: formatInstant(expiresAt) }),
    ...(lastUsedAt !== null && { lastUsedAt: formatInstant(lastUsedAt) }),
    ...(replacedBy !== null && { replacedBy }),
  };
}
