import type { Attachment } from "@crossline/contracts";

/** Attachments lie elsewhere: what may lie there, and how large it may be. */
export const attachmentLimits = { bytes: 25_000_000 } as const;

const mediaTypes: ReadonlySet<string> = new Set([
  "application/json",
  "application/pdf",
  "application/zip",
  "audio/mpeg",
  "image/jpeg",
  "image/png",
  "image/webp",
  "text/csv",
  "text/plain",
  "video/mp4",
]);

/** Why an attachment cannot be taken; undefined where it can. */
export function attachmentFault({ mediaType, bytes, name }: Attachment): { at: string; message: string } | undefined {
  if (!mediaTypes.has(mediaType))
    return { at: "/attachment/mediaType", message: `must be one of ${[...mediaTypes].join(", ")}` };
  if (bytes > attachmentLimits.bytes)
    return { at: "/attachment/bytes", message: `must be at most ${attachmentLimits.bytes}` };
  // A name is shown and saved under: it must not lead anywhere.
  if (/[/\\]/.test(name) || /^\.+$/.test(name))
    return { at: "/attachment/name", message: "must be a name without folders" };
  return undefined;
}
