import { type DurationMs, type Instant, type Refusal, formatInstant, refusal } from "@crossline/contracts";

/** What a receiver's messages are signed with: its secret and, for a time after a renewal, the former one too. */
export type Secrets = {
  readonly secret: string;
  readonly former: { readonly secret: string; readonly until: Instant } | null;
};

/** The secrets whose signatures a message of this instant carries; the newest first. */
export function signingSecrets({ secret, former }: Secrets, at: Instant): string[] {
  return former !== null && at < former.until ? [secret, former.secret] : [secret];
}

/**
 * Puts a fresh secret in the place of the present one, which stays valid for `formerForMs` more. Refused while an earlier one is
 * still valid: a receiver that verifies by it would hear nothing from then on, without a sign of why.
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
      `The former secret is valid until ${formatInstant(former.until)}; end it before you ask for another one.`,
      { facts: { formerSecretUntil: formatInstant(former.until) } },
    );
  return { secret: fresh, former: formerForMs === 0 ? null : { secret, until: at + formerForMs } };
}
