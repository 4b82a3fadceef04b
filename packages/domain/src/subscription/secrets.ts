import { type DurationMs, type Instant, type Refusal, formatInstant, refusal } from "@crossline/contracts";

/** The secrets that sign the messages of a receiver: its secret and, for a time after a renewal, the former one. */
export type Secrets = {
  readonly secret: string;
  readonly former: { readonly secret: string; readonly until: Instant } | null;
};

/** Returns the secrets whose signatures a message carries at this instant; the newest first. */
export function signingSecrets({ secret, former }: Secrets, at: Instant): string[] {
  return former !== null && at < former.until ? [secret, former.secret] : [secret];
}

/**
 * Replaces the secret. The former one stays valid for `formerForMs`. The renewal is refused while an earlier former secret is
 * valid: a receiver that still uses the earlier one could not verify any more messages.
 */
export function renewSecret(
  { secret, former }: Secrets,
  fresh: string,
  at: Instant,
  formerForMs: DurationMs,
): Secrets | Refusal {
  if (former !== null && at < former.until)
    return refusal(
      "limit_reached",
      `The former secret is valid until ${formatInstant(former.until)}; end it before you renew the secret again.`,
      { facts: { formerSecretUntil: formatInstant(former.until) } },
    );
  return { secret: fresh, former: formerForMs === 0 ? null : { secret, until: at + formerForMs } };
}
