import { createHash } from "node:crypto";
import type { UnboundPage } from "../store/bundle.ts";
import { mailAddressOf } from "./mail-address.ts";
import type { Mail } from "./mailer.ts";

/** Several pages as one message: a mail with all their texts, or a CloudEvent with the data of all. */
export function toBundlePayload(bundleId: string, url: string, pages: readonly UnboundPage[]): string {
  const payloads = pages.map(({ payload }) => JSON.parse(payload));
  if (mailAddressOf(url) !== undefined) return JSON.stringify(toBundleMail(bundleId, payloads));
  const [first] = payloads;
  const all = payloads.map(({ data }) => data);
  const text = all.map((data) => data.text).join("\n\n");
  return JSON.stringify({
    ...first,
    id: bundleId,
    data: { ...first.data, text, bundle: { id: bundleId, pages: all } },
  });
}

function toBundleMail(bundleId: string, mails: readonly Mail[]): Mail {
  return {
    subject: `[Crossline] PAGE: ${mails.length} pages`,
    text: mails.map(({ text }) => text).join("\n"),
    messageId: createHash("sha256").update(`bundle/${bundleId}`).digest("hex").slice(0, 40),
  };
}
