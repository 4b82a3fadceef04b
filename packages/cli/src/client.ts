import { randomUUID } from "node:crypto";

/** An answer that was not 2xx, with what the problem document says. */
export class ResponseFault extends Error {
  override readonly name = "ResponseFault";
  readonly status: number;
  readonly code: string | undefined;
  /** The problem in words, where the answer has them. */
  readonly detail: string | undefined;
  constructor(method: string, path: string, status: number, problem: { detail?: string; code?: string }) {
    super(`${method} ${path} answered ${status}: ${problem.code ?? ""} ${problem.detail ?? ""}`.trimEnd());
    this.status = status;
    this.code = problem.code;
    this.detail = problem.detail;
  }
}

export type Client = {
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: <T>(path: string, body?: unknown) => Promise<T>;
  readonly put: <T>(path: string, body?: unknown) => Promise<T>;
  readonly delete: (path: string) => Promise<void>;
};

/** A party's way to the public address: JSON in and out, an idempotency key on every POST, any other answer thrown. */
export function createClient(url: string, key: string, more: Readonly<Record<string, string>> = {}): Client {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(method === "POST" && { "idempotency-key": randomUUID() }),
        ...more,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new ResponseFault(method, path, response.status, parse(text));
    return (text === "" ? undefined : JSON.parse(text)) as T;
  };
  return {
    get: (path) => ask("GET", path),
    post: (path, body = {}) => ask("POST", path, body),
    put: (path, body = {}) => ask("PUT", path, body),
    delete: (path) => ask("DELETE", path),
  };
}

function parse(text: string): { detail?: string; code?: string } {
  try {
    return JSON.parse(text) as { detail?: string };
  } catch {
    return { detail: text.slice(0, 200) };
  }
}
