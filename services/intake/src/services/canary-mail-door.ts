import type { CanaryFault } from "@crossline/contracts";
import { type MailDomain, canaryAddress } from "@crossline/domain";
import { createTransport } from "nodemailer";
import type { CanaryDoor, CanaryFinding } from "./canary-doors.ts";

/** The SMTP server that takes the mails of canaries. `isOwn` is true for the receiver of this process. */
type CanarySmtp = { readonly url: string; readonly isOwn: boolean };

const withinMs = 5_000;

/**
 * Connects to the public SMTP server, as a customer's mail server does. `smtp` returns the server, or undefined as long as its address
 * is unknown. The receiver saves the acknowledgement in the canary, so this door never finds one itself.
 */
export function connectMailDoor(mailDomain: MailDomain, smtp: () => CanarySmtp | undefined): CanaryDoor {
  return {
    async send({ runId, carrier }, signal) {
      const server = smtp();
      if (server === undefined) return failed("unreachable");
      const address = canaryAddress(runId, mailDomain);
      const transport = createTransport({
        url: server.url,
        // The connection stays in the process. The certificate names the public host, so its check would fail here.
        ignoreTLS: server.isOwn,
        connectionTimeout: withinMs,
        greetingTimeout: withinMs,
        socketTimeout: withinMs,
        dnsTimeout: withinMs,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const limit = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
      const stopped = new Promise<readonly CanaryFinding[]>((resolve) => {
        limit.addEventListener("abort", () => resolve(failed("unreachable")), { once: true });
      });
      const sent = transport
        .sendMail({
          from: address,
          to: `${carrier}@${mailDomain.domain}`,
          subject: "Canary",
          text: "This mail is a test of the mail door. No person needs to answer it.",
          // The receiver recognizes a repeated mail by its id.
          messageId: `<${runId}@${mailDomain.domain}>`,
        })
        .then((): readonly CanaryFinding[] => [{ is: "sent" }], faultOf)
        .finally(() => transport.close());
      return Promise.race([sent, stopped]);
    },

    acknowledge: () => Promise.resolve(failed("not-acknowledged")),
  };
}

/** An SMTP reply is a refusal of the server. Without a reply, the server was not reached. */
function faultOf(error: unknown): readonly CanaryFinding[] {
  return failed((error as { responseCode?: number }).responseCode === undefined ? "unreachable" : "mail-refused");
}

function failed(fault: CanaryFault): readonly CanaryFinding[] {
  return [{ is: "failed", fault }];
}
