import type { Secrets } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { newSecret } from "../delivery/signature.ts";
import { secretColumns, type SecretsRow, toSecrets } from "./secrets.ts";

/** Returns the secrets that sign the pages of these parties and their calls of the last resort. Creates missing secrets. */
export async function lastResortSecrets(tx: Tx, parties: readonly string[]): Promise<ReadonlyMap<string, Secrets>> {
  const wanted = [...new Set(parties)].toSorted();
  const existing = await select(tx, wanted);
  const missing = wanted.filter((party) => !existing.has(party));
  if (missing.length === 0) return existing;
  await tx.query({
    text: `
      -- notification.insert-last-resort-secrets
      insert into last_resort_secret (party, secret) select * from unnest($1::text[], $2::text[])
      on conflict (party) do nothing`,
    values: [missing, missing.map(() => newSecret())],
  });
  return select(tx, wanted);
}

async function select(tx: Tx, parties: readonly string[]): Promise<Map<string, Secrets>> {
  const rows = await tx.query<SecretsRow & { party: string }>({
    text: `
      -- notification.find-last-resort-secrets
      select party, ${secretColumns} from last_resort_secret where party = any($1::text[])`,
    values: [parties],
  });
  return new Map(rows.map(({ party, ...row }) => [party, toSecrets(row)]));
}
