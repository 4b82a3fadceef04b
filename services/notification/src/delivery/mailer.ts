import { createTransport } from "nodemailer";
import type { MailSettings } from "../config.ts";
import { composeMail } from "./compose-mail.ts";
import type { AttemptResult } from "./send.ts";

export type Mailer = {
  /** Sends one mail to one address. The returned promise never rejects. The status comes from the SMTP server. */
  send(address: string, payload: string, signal: AbortSignal): Promise<AttemptResult>;
};

/** Creates a client of the SMTP server. Without settings each attempt ends with `mail-off`. `timeoutMs` limits a whole attempt. */
export function createMailer(settings: MailSettings | undefined, timeoutMs: number): Mailer {
  if (settings === undefined) {
    return { send: () => Promise.resolve({ error: "mail-off", permanent: true, durationMs: 0 }) };
  }
  const { url, from } = settings;
  // Each mail has its own connection: a pool would retry mails itself, and a page must not wait behind another mail.
  const transport = createTransport({
    url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  async function attempt(address: string, payload: string): Promise<{ status: number }> {
    const { response } = await transport.sendMail(composeMail(payload, address, from));
    return { status: Number(/^\d{3}/.exec(response)?.[0] ?? 250) };
  }

  return {
    async send(address, payload, signal) {
      const started = performance.now();
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const aborted = Promise.withResolvers<{ error: "timeout" }>();
      const onAbort = (): void => aborted.resolve({ error: "timeout" });
      deadline.addEventListener("abort", onAbort);
      const outcome = await Promise.race([attempt(address, payload).catch(classify), aborted.promise]);
      deadline.removeEventListener("abort", onAbort);
      return { ...outcome, durationMs: Math.round(performance.now() - started) };
    },
  };
}

type MailFailure =
  | { readonly status: number; readonly permanent: boolean }
  | { readonly error: MailError; readonly permanent?: boolean };
type MailError = Extract<AttemptResult, { error: string }>["error"];

const errorsByCode: Readonly<Record<string, MailError>> = {
  EAUTH: "mail-refused",
  ENOAUTH: "mail-refused",
  EOAUTH2: "mail-refused",
  ETIMEDOUT: "timeout",
  EDNS: "dns",
  ETLS: "tls",
  EREQUIRETLS: "tls",
};

/** Classifies a fault. The result omits the server's text, which can have any content. */
function classify(error: unknown): MailFailure {
  const { code = "", responseCode, command = "" } = error as { code?: string; responseCode?: number; command?: string };
  const classified = errorsByCode[code];
  if (classified !== undefined) return { error: classified };
  // The SMTP client refuses an address that it cannot send, and a retry changes nothing.
  if (responseCode === undefined && code === "EENVELOPE") return { error: "invalid-address", permanent: true };
  if (responseCode === undefined) return { error: /CERT|SSL|TLS/.test(code) ? "tls" : "connect" };
  // If the server refuses only this receiver or this mail, the status is the result. If the server refuses all mails of this
  // installation, the result is an error without a status.
  const isAboutMail = /^(?:RCPT|DATA)/.test(command) || code === "EENVELOPE" || code === "EMESSAGE";
  if (!isAboutMail && responseCode >= 500) return { error: "mail-refused" };
  return { status: responseCode, permanent: responseCode >= 500 };
}
