const form = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Parses a `traceparent` header (W3C Trace Context, 3.2). Returns the header in version 00, or undefined if the header
 * is missing or invalid. From a header of a later version, the function reads the fields of version 00, as the standard
 * requires.
 */
export function parseTraceparent(header: unknown): string | undefined {
  if (typeof header !== "string") return undefined;
  const match = form.exec(header);
  if (match === null) return undefined;
  const [, version, trace, span, flags, rest] = match;
  if (version === "00" && rest !== undefined) return undefined;
  return `00-${trace}-${span}-${flags}`;
}
