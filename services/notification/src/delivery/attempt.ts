import type { Instant } from "@crossline/contracts";
import { type Secrets, signingSecrets } from "@crossline/domain";
import { mailAddressOf } from "./mail-address.ts";
import type { Mailer } from "./mailer.ts";
import type { Sender, AttemptResult } from "./send.ts";
import { signedHeaders } from "./signature.ts";

/** The transports to receivers. */
export type Transports = { readonly mailer: Mailer; readonly sender: Sender };

type AttemptRequest = {
  readonly url: string;
  readonly payload: string;
  readonly messageId: string;
  readonly now: Instant;
  readonly secrets: Secrets;
  readonly traceparent: string | undefined;
};

/** Makes one attempt, by mail or by a signed webhook. The returned promise never rejects. */
export function attempt(
  { mailer, sender }: Transports,
  request: AttemptRequest,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { url, payload, messageId, now, secrets, traceparent } = request;
  const address = mailAddressOf(url);
  if (address !== undefined) return mailer.send(address, payload, signal);
  const headers = {
    ...(traceparent !== undefined && { traceparent }),
    "content-type": "application/cloudevents+json; charset=utf-8",
    "user-agent": "Crossline-Webhooks/1",
    ...signedHeaders(signingSecrets(secrets, now), messageId, now, payload),
  };
  return sender.send(url, headers, payload, signal);
}
