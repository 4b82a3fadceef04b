import { createHash } from "node:crypto";
import { mailAddressOf } from "./mail-address.ts";
import type { Mail } from "./compose-mail.ts";

/** Makes one payload of several pages: a mail with all texts, or a CloudEvent with the data of all pages. */
export function toBundlePayload(bundleId: string, url: string, payloads: readonly string[]): string {
  const pages = payloads.map((payload) => JSON.parse(payload));
  if (mailAddressOf(url) !== undefined) return JSON.stringify(toBundleMail(bundleId, pages));
  const [first] = pages;
  const all = pages.map(({ data }) => data);
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
