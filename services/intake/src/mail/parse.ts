import { createHash } from "node:crypto";
import { type MailFile, type ParsedMail, messageIdsIn } from "@crossline/domain";
import PostalMime, { type Address, type Attachment, type Email } from "postal-mime";

/** A parsed mail, with the bytes of its files in the order of `mail.files`, and the hash by which intake finds the mail again. */
export type ReadMail = {
  readonly mail: ParsedMail;
  readonly contents: readonly Buffer[];
  readonly hash: string;
};

/** A mail with more than this has no purpose in a support case, and can exhaust the memory of the process. */
const parserLimits = { maxNestingDepth: 30, maxHeadersSize: 1_000_000, maxRfc822NestingDepth: 2 } as const;
const headersMax = 1_000;
const reportTypes: ReadonlySet<string> = new Set([
  "message/delivery-status",
  "message/global-delivery-status",
  "text/rfc822-headers",
  "message/rfc822-headers",
]);
const reportBytesMax = 20_000;

/**
 * Parses a mail (RFC 5322, MIME). Damaged parts are read as far as possible. Rejects if the mail exceeds a limit of the parser.
 * `sender` is the envelope sender.
 */
export async function parseMail(raw: Buffer, sender: string): Promise<ReadMail> {
  const email = await PostalMime.parse(raw, parserLimits);
  const isReport = (file: Attachment): boolean => reportTypes.has(file.mimeType);
  const files = email.attachments.filter((file) => !isReport(file));
  const [messageId] = messageIdsIn(email.messageId);
  const mail: ParsedMail = {
    sender,
    from: mailboxOf(email.from) ?? mailboxOf(email.sender),
    subject: email.subject ?? "",
    messageId,
    inReplyTo: messageIdsIn(email.inReplyTo),
    references: messageIdsIn(email.references),
    headers: email.headers.slice(0, headersMax).map(({ key, value }) => ({ name: key, value: value.slice(0, 2_000) })),
    text: email.text,
    html: email.html,
    report: email.attachments.filter(isReport).map((part) => bytesOf(part).toString("utf8", 0, reportBytesMax)),
    files: files.map(fileOf),
  };
  return { mail, contents: files.map(bytesOf), hash: hashMail(messageId, email, raw) };
}

/** Returns the hash by which intake stores a message id. */
export function hashMessageId(messageId: string): string {
  return createHash("sha256").update(`crossline mail id ${messageId}`).digest("base64url");
}

/**
 * Returns the hash of a mail. Without a message id, the hash includes the content but no trace headers, because each delivery adds
 * others.
 */
function hashMail(messageId: string | undefined, { headers, subject, date }: Email, raw: Buffer): string {
  if (messageId !== undefined) return hashMessageId(messageId);
  const end = raw.indexOf("\r\n\r\n");
  const from = headers.find(({ key }) => key === "from")?.value ?? "";
  const hash = createHash("sha256").update(JSON.stringify(["crossline mail content", from, subject ?? "", date ?? ""]));
  return hash.update(end === -1 ? raw : raw.subarray(end)).digest("base64url");
}

function mailboxOf(address: Address | undefined): ParsedMail["from"] {
  if (address === undefined) return undefined;
  const { name, address: written } = address.group === undefined ? address : (address.group[0] ?? { name: "" });
  return written === undefined || written === "" ? undefined : { name, address: written };
}

function fileOf(file: Attachment, place: number): MailFile {
  return { place, name: file.filename ?? "", mediaType: file.mimeType, bytes: bytesOf(file).length };
}

function bytesOf({ content }: Attachment): Buffer {
  if (typeof content === "string") return Buffer.from(content);
  return content instanceof Uint8Array
    ? Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    : Buffer.from(content);
}
