import type { Subject } from "@crossline/contracts";
import { refuseIdentity } from "../case/subject.ts";
import { attachmentFault } from "../dossier/attachment.ts";
import type { MailFile, ParsedMail } from "./parsed-mail.ts";
import { cleanRow, mailTextLimits, writtenText } from "./text.ts";

/** The limits of the attached files of one mail. `bytes` is for one file, and `together` for all files. */
const mailFileLimits = { count: 10, bytes: 5_000_000, together: 10_000_000 } as const;

/**
 * The content that a mail adds to a case. `subject` is undefined if the mail has no usable sender. `omissions` are sentences about parts
 * that are left out.
 */
export type MailContent = {
  readonly subject: Subject | undefined;
  readonly title: string;
  readonly text: string | undefined;
  readonly files: readonly MailFile[];
  readonly omissions: readonly string[];
};

/**
 * Returns the content of a mail in the form that a case accepts. Names of files have no folders. A file is left out if it is beyond a
 * limit or has a media type that no entry accepts. `storesFiles` is false if the installation cannot serve files.
 */
export function contentOf(mail: ParsedMail, storesFiles: boolean): MailContent {
  const { text, isCut } = writtenText(mail);
  const title = cleanRow(mail.subject, mailTextLimits.title) ?? cleanRow(text, mailTextLimits.title);
  const files = mail.files.map((file) => cleanFile(file));
  const reasons = omitFiles(files, storesFiles);
  return {
    subject: subjectOf(mail),
    title: title ?? "Mail without a subject",
    text: text ?? cleanRow(mail.subject, mailTextLimits.title),
    files: files.filter((file) => !reasons.has(file)),
    omissions: [
      ...(isCut
        ? [`The text of the mail is longer than ${mailTextLimits.text} characters; the rest was left out.`]
        : []),
      ...omissionsOf(reasons),
    ],
  };
}

function subjectOf({ from, sender }: ParsedMail): Subject | undefined {
  const email = [from?.address, sender].map((one) => cleanRow(one, 255)).find(isUsable);
  const name = cleanRow(from?.name, mailTextLimits.name);
  return email === undefined ? undefined : { email, ...(name !== undefined && { name }) };
}

function isUsable(email: string | undefined): boolean {
  return email !== undefined && email.length <= 254 && refuseIdentity({ email }) === undefined;
}

/** The media types of files that mail programs send as `application/octet-stream`, by the extension of the name. */
const mediaTypes: Readonly<Record<string, string>> = {
  csv: "text/csv",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  json: "application/json",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  pdf: "application/pdf",
  png: "image/png",
  txt: "text/plain",
  webp: "image/webp",
  zip: "application/zip",
};

function cleanFile({ place, name, mediaType, bytes }: MailFile): MailFile {
  const clean = cleanRow(name.replaceAll(/[/\\]/g, "_"), mailTextLimits.name);
  const extension = /\.([a-z0-9]{1,5})$/i.exec(clean ?? "")?.[1]?.toLowerCase() ?? "";
  const isUnknown = mediaType === "application/octet-stream" || mediaType === "image/jpg";
  return {
    place,
    bytes,
    name: clean === undefined || /^\.+$/.test(clean) ? `file-${place + 1}` : clean,
    mediaType: isUnknown ? (mediaTypes[extension] ?? mediaType) : mediaType,
  };
}

const omissionReasons = {
  address: "this installation has no public address for files",
  count: `a mail can have at most ${mailFileLimits.count} files`,
  size: `a file can have at most ${mailFileLimits.bytes} bytes, and all files ${mailFileLimits.together} bytes`,
  type: "no entry accepts its media type",
  empty: "it is empty",
} as const;
type OmissionReason = keyof typeof omissionReasons;

/** Returns the files to leave out, each with the reason. */
function omitFiles(files: readonly MailFile[], storesFiles: boolean): ReadonlyMap<MailFile, OmissionReason> {
  let together = 0;
  let count = 0;
  const reasonOf = (file: MailFile): OmissionReason | undefined => {
    if (!storesFiles) return "address";
    if (file.bytes === 0) return "empty";
    if (attachmentFault({ ...file, sha256: "", url: "" }) !== undefined) return "type";
    if (file.bytes > mailFileLimits.bytes || together + file.bytes > mailFileLimits.together) return "size";
    if (count >= mailFileLimits.count) return "count";
    together += file.bytes;
    count++;
    return undefined;
  };
  return new Map(
    files.flatMap((file) => {
      const reason = reasonOf(file);
      return reason === undefined ? [] : [[file, reason] as const];
    }),
  );
}

const namedMax = 10;

function omissionsOf(reasons: ReadonlyMap<MailFile, OmissionReason>): readonly string[] {
  const sentences = [...reasons].map(
    ([{ name }, reason]) => `The attached file ${name} was left out: ${omissionReasons[reason]}.`,
  );
  if (sentences.length <= namedMax) return sentences;
  return [...sentences.slice(0, namedMax), `${sentences.length - namedMax} more attached files were left out.`];
}
