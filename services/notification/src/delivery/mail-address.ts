const scheme = "mailto:";

/** A mail address as the address of a delivery. */
export function toMailto(address: string): string {
  return `${scheme}${address}`;
}

/** The mail address that a delivery goes to; nothing where it goes to a webhook. */
export function mailAddressOf(url: string): string | undefined {
  return url.startsWith(scheme) ? url.slice(scheme.length) : undefined;
}
