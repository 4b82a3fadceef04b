import { randomBytes } from "node:crypto";
import type { Chassis } from "@crossline/chassis";
import type { MailDomain } from "@crossline/domain";
import type { Admission } from "../admission/admission.ts";
import type { IntakeSettings } from "../config.ts";
import type { RouteDeps } from "../routes/deps.ts";
import { ownHost } from "../services/own-host.ts";
import { readMailSecret } from "../store/mails.ts";
import { type ReceiverDeps, startReceiver } from "./receiver.ts";

/** The parts of intake that receive mail. */
export type MailParts = {
  /** Reads the secret of the mail addresses, and creates it at the first start of the installation. */
  prepare(): Promise<void>;
  /** Returns the mail domain after `prepare`; undefined if the installation has none. */
  domain(): MailDomain | undefined;
  /** Returns the URL at which this process reaches its own receiver; undefined before the receiver runs. */
  ownUrl(): string | undefined;
  /** Starts the receiver if the settings have an SMTP port. */
  start(deps: Pick<RouteDeps, "database" | "writeRequest" | "contactPlaces" | "guard">): Promise<void>;
};

/** Creates the parts of inbound mail. Without a mail domain, every function does nothing. */
export function createMailParts(
  { database, life, log, settings: { mail: settings } }: Chassis<IntakeSettings>,
  { admission, count }: { readonly admission: Admission; readonly count: ReceiverDeps["count"] },
): MailParts {
  let mailDomain: MailDomain | undefined;
  let ownUrl: string | undefined;
  return {
    async prepare() {
      if (settings === undefined) return;
      const secret = await readMailSecret(database, randomBytes(32).toString("base64url"));
      mailDomain = { domain: settings.domain, secret };
    },
    domain: () => mailDomain,
    ownUrl: () => ownUrl,
    async start({ writeRequest, contactPlaces, guard }) {
      if (settings?.port === undefined || mailDomain === undefined) return;
      const { publicUrl, port } = settings;
      const own = { settings: { ...settings, port }, mailDomain, publicUrl, admission, log, count };
      const receiver = await startReceiver({ database, writeRequest, contactPlaces, guard, ...own });
      life.add("mail receiver", () => receiver.stop());
      ownUrl = `smtp://${ownHost(settings.host)}:${receiver.port}`;
      log.info({ port: receiver.port }, "receiving mail");
    },
  };
}
