/** A header of a mail. The name is in lower case, and the value is unfolded. */
type MailHeader = { readonly name: string; readonly value: string };

/** An attached file of a mail. The shell keeps the bytes and finds them by `place`. */
export type MailFile = {
  readonly place: number;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
};

/**
 * A mail as the parser of the shell reads it (RFC 5322). Message ids have no angle brackets. `sender` is the envelope sender, which is
 * empty for bounces. `report` contains the parts of a delivery report (RFC 3464) as texts.
 */
export type ParsedMail = {
  readonly sender: string;
  readonly from?: { readonly name: string; readonly address: string } | undefined;
  readonly subject: string;
  readonly messageId?: string | undefined;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  readonly headers: readonly MailHeader[];
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  readonly report: readonly string[];
  readonly files: readonly MailFile[];
};

/** Returns the first header with this name (in lower case), trimmed; undefined if the mail has none. */
export function headerOf({ headers }: Pick<ParsedMail, "headers">, name: string): string | undefined {
  return headers.find((header) => header.name === name)?.value.trim();
}

/** Returns the message ids in a header (RFC 5322, 3.6.4), without angle brackets. At most 50, each at most 250 characters. */
export function messageIdsIn(value: string | undefined): readonly string[] {
  return [...(value ?? "").slice(0, 20_000).matchAll(/<([^<>\s]{1,250})>/g)].slice(-50).map(([, id]) => id ?? "");
}
