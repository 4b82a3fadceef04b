import { type Refusal, refusal } from "@crossline/contracts";
import type { FastifyRequest } from "fastify";

/** The cookie of a session. The browser binds a cookie with the prefix `__Host-` to this host (RFC 6265bis, 4.1.3.2). */
export const sessionCookieName = "__Host-crossline";

const secretForm = /^[\w-]{43}$/;
const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD"]);
const foreignPage = refusal("forbidden", "A signed-in request must come from a page of this address.", {
  fields: [{ at: "origin", message: "must be the address of Crossline, with Sec-Fetch-Site: same-origin" }],
});

/** Returns the secret in the session cookie of a request. Returns undefined if the request has no cookie of this form. */
export function sessionCookie({ raw }: Pick<FastifyRequest, "raw">): string | undefined {
  return readCookie(raw.headers.cookie, sessionCookieName, secretForm);
}

/** Returns the value of a cookie (RFC 6265, 4.2.1) if it has the form; of several cookies with the name, the first. */
export function readCookie(header: string | undefined, name: string, form: RegExp): string | undefined {
  for (const pair of header?.split("; ") ?? []) {
    const value = pair.startsWith(`${name}=`) ? pair.slice(name.length + 1) : undefined;
    if (value !== undefined) return form.test(value) ? value : undefined;
  }
  return undefined;
}

/**
 * Refuses an unsafe request of a browser if a page of another address can have caused it. The browser itself sets both headers, so a
 * foreign page cannot choose them. `publicOrigin` is the address of Crossline for browsers; without it, the header Host names the address.
 */
export function refuseForeignPage(
  { method, raw: { headers } }: Pick<FastifyRequest, "method" | "raw">,
  publicOrigin: string | undefined,
): Refusal | undefined {
  if (safeMethods.has(method)) return undefined;
  const { origin, host } = headers;
  const isOwn = publicOrigin === undefined ? hostOf(origin) === host : origin === publicOrigin;
  return origin !== undefined && isOwn && headers["sec-fetch-site"] === "same-origin" ? undefined : foreignPage;
}

function hostOf(origin: string | undefined): string | undefined {
  return origin !== undefined && URL.canParse(origin) ? new URL(origin).host : undefined;
}
