import type { Attachment } from "@crossline/contracts";

/** The limits of an attachment, whose file is stored outside Crossline. */
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

/** Returns the fault of an attachment; undefined if the attachment is allowed. */
export function attachmentFault({ mediaType, bytes, name }: Attachment): { at: string; message: string } | undefined {
  if (!mediaTypes.has(mediaType))
    return { at: "/attachment/mediaType", message: `must be one of ${[...mediaTypes].join(", ")}` };
  if (bytes > attachmentLimits.bytes)
    return { at: "/attachment/bytes", message: `must be at most ${attachmentLimits.bytes}` };
  // Programs show the name and save the file under this name, so the name must not contain a path.
  if (/[/\\]/.test(name) || /^\.+$/.test(name))
    return { at: "/attachment/name", message: "must be a name without folders" };
  return undefined;
}
