const scheme = "mailto:";

/** Returns a mail address as the URL of a delivery. */
export function toMailto(address: string): string {
  return `${scheme}${address}`;
}

/** Returns the mail address of a delivery's URL, or undefined for a webhook. */
export function mailAddressOf(url: string): string | undefined {
  return url.startsWith(scheme) ? url.slice(scheme.length) : undefined;
}
