import type { Instant } from "@crossline/contracts";
import type { Secrets } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** The columns of a `SecretsRow`, for a select list. */
export const secretColumns = `secret, former_secret as "formerSecret", former_secret_until as "formerSecretUntil"`;

export type SecretsRow = {
  readonly secret: string;
  readonly formerSecret: string | null;
  readonly formerSecretUntil: Instant | null;
};

export function toSecrets({ secret, formerSecret, formerSecretUntil }: SecretsRow): Secrets {
  const hasFormer = formerSecret !== null && formerSecretUntil !== null;
  return { secret, former: hasFormer ? { secret: formerSecret, until: formerSecretUntil } : null };
}

/** Deletes expired former secrets. */
export async function forgetFormerSecrets(tx: Tx): Promise<void> {
  await tx.query({
    text: `
      -- notification.forget-former-secrets
      with of_subscriptions as (
        update subscription set former_secret = null, former_secret_until = null
        where former_secret_until <= clock_timestamp()
      )
      update last_resort_secret set former_secret = null, former_secret_until = null
      where former_secret_until <= clock_timestamp()`,
  });
}

/** Reads and saves the secrets of a subscription or party. The caller must call `lock` before `save`. */
export type SecretsStore = {
  lock(tx: Tx): Promise<Secrets | undefined>;
  save(tx: Tx, secrets: Secrets): Promise<void>;
};

/**
 * Creates the access to the secrets of a subscription. `lock` returns undefined if the party has no webhook subscription with
 * this id.
 */
export function secretsOfSubscription(party: string, id: string): SecretsStore {
  return {
    async lock(tx) {
      const [row] = await tx.query<SecretsRow>({
        text: `
          -- notification.lock-subscription-secrets
          select ${secretColumns} from subscription
          where subscription_id = $2 and party = $1 and ended_because is distinct from 'deleted' and url not like 'mailto:%'
          for update`,
        values: [party, id],
      });
      return row && toSecrets(row);
    },
    async save(tx, { secret, former }) {
      await tx.query({
        text: `
          -- notification.save-subscription-secrets
          update subscription set secret = $2, former_secret = $3, former_secret_until = $4::timestamptz
          where subscription_id = $1`,
        values: [id, secret, former?.secret ?? null, former === null ? null : toSql(former.until)],
      });
    },
  };
}

/** Creates the access to the secrets of a party's calls and pages. `lock` returns undefined before the first use of the secrets. */
export function secretsOfParty(party: string): SecretsStore {
  return {
    async lock(tx) {
      const [row] = await tx.query<SecretsRow>({
        text: `
          -- notification.lock-party-secrets
          select ${secretColumns} from last_resort_secret where party = $1 for update`,
        values: [party],
      });
      return row && toSecrets(row);
    },
    async save(tx, { secret, former }) {
      await tx.query({
        text: `
          -- notification.save-party-secrets
          update last_resort_secret set secret = $2, former_secret = $3, former_secret_until = $4::timestamptz
          where party = $1`,
        values: [party, secret, former?.secret ?? null, former === null ? null : toSql(former.until)],
      });
    },
  };
}
