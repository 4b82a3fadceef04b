import { isUtf8 } from "node:buffer";
import { refusal } from "@crossline/contracts";
import { UnreadableBody } from "./json.ts";

const charsetForm = /;\s*charset\s*=\s*"?([^\s;"]*)/i;
const utf8Names: ReadonlySet<string> = new Set(["utf-8", "utf8", "us-ascii"]);

/**
 * Returns the text of a body in UTF-8 (RFC 8259, 8.1). Throws `UnreadableBody` if the request declares another charset,
 * or if the bytes are not UTF-8. A lenient decoder would replace every unknown byte by the same character. With a
 * lenient decoder, two customers whose names differed only in an umlaut became one customer.
 */
export function decodeBody(bytes: Buffer, contentType = ""): string {
  const [, charset] = charsetForm.exec(contentType) ?? [];
  if (charset !== undefined && !utf8Names.has(charset.toLowerCase()))
    throw new UnreadableBody(
      refusal("unsupported_media_type", "Send the body in UTF-8. No other charset is supported."),
    );
  if (!isUtf8(bytes)) {
    const place = `byte ${firstBadByte(bytes) + 1}`;
    throw new UnreadableBody(
      refusal("invalid_request", `The body is not valid UTF-8: ${place} belongs to no character.`),
    );
  }
  return bytes.toString("utf8");
}

/** Returns the length of the longest valid beginning, which is found by bisection. */
function firstBadByte(bytes: Buffer): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (startsAsUtf8(bytes, middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** Returns whether the first `length` bytes are UTF-8, except that the last character may be incomplete. */
function startsAsUtf8(bytes: Buffer, length: number): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
    return true;
  } catch {
    return false;
  }
}
