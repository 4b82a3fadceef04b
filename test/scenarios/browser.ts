import { expect } from "vitest";
import type { Stage } from "./stage.ts";

/** A response as a test reads it. */
export type BrowserResponse = { readonly status: number; readonly body: any; readonly headers: Headers };

/** The headers that a browser sets for a request of a page of the same address. */
export const samePage = (url: string) => ({ origin: new URL(url).origin, "sec-fetch-site": "same-origin" });

/** Sends requests as a browser sends them: with the cookie of one session, and from a page of the same address. */
export type Browser = {
  readonly cookie: string;
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<BrowserResponse>;
};

/** Signs a person in with a sign-in link, which `maker` makes, and returns the browser. */
export async function signIn(
  { url }: Pick<Stage, "url">,
  maker: { post<T>(path: string, body: unknown): Promise<T> },
  person: { readonly person: string; readonly roles: readonly string[]; readonly party?: string },
): Promise<Browser> {
  const { path } = await maker.post<{ path: string }>("/v1/sign-in-links", person);
  const response = await exchange(url, path);
  expect(response.status).toBe(201);
  return browserWith(url, cookieOf(response.headers));
}

/** Exchanges the token of a sign-in link for a session. */
export async function exchange(url: string, path: string): Promise<BrowserResponse> {
  const token = path.slice(path.indexOf("=") + 1);
  return send({ url, method: "POST", path: "/v1/session", body: { token }, headers: samePage(url) });
}

/** Returns the cookie that a response sets. */
export function cookieOf(headers: Headers): string {
  return headers.get("set-cookie")?.split(";")[0] ?? "";
}

/** Returns a browser with a cookie. */
export function browserWith(url: string, cookie: string): Browser {
  return {
    cookie,
    send: (method, path, body, headers) =>
      send({ url, method, path, body, headers: { cookie, ...samePage(url), ...headers } }),
  };
}

type BrowserRequest = {
  readonly url: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
};

async function send({ url, method, path, body, headers }: BrowserRequest): Promise<BrowserResponse> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(method === "POST" && { "idempotency-key": crypto.randomUUID() }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    redirect: "manual",
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
}
