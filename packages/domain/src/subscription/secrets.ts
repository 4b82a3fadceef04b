import { type DurationMs, type Instant, type Refusal, formatInstant, refusal } from "@crossline/contracts";

/** The secrets that sign the messages to a receiver: the present secret and, for a time after a renewal, the former secret. */
export type Secrets = {
  readonly secret: string;
  readonly former: { readonly secret: string; readonly until: Instant } | null;
};

/** Returns the secrets whose signatures a message has at this instant. The newest secret is first. */
export function signingSecrets({ secret, former }: Secrets, at: Instant): string[] {
  return former !== null && at < former.until ? [secret, former.secret] : [secret];
}

/**
 * Replaces the secret. The former secret stays valid for `formerForMs`. While a former secret is still valid, the renewal is
 * refused. Otherwise, a receiver that uses this former secret could not verify further messages.
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
