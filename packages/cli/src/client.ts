import { randomUUID } from "node:crypto";

type Problem = {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly fields?: readonly { readonly at: string; readonly message: string }[];
};

/** An exception for a response that is not 2xx, with the fields of the problem document. */
export class ResponseFault extends Error {
  override readonly name = "ResponseFault";
  readonly status: number;
  readonly code: string | undefined;
  readonly title: string | undefined;
  /** The text of the problem document, if the response has one. */
  readonly detail: string | undefined;
  readonly fields: readonly { readonly at: string; readonly message: string }[];
  readonly requestId: string | undefined;
  constructor(request: string, { status, headers }: Response, problem: Problem) {
    super(`${request} returned ${status}: ${problem.code ?? ""} ${problem.detail ?? ""}`.trimEnd());
    this.status = status;
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.fields = problem.fields ?? [];
    this.requestId = headers.get("x-request-id") ?? undefined;
  }
}

/** A client that calls the REST API with the key of one party. */
export type Client = {
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: <T>(path: string, body?: unknown) => Promise<T>;
  readonly put: <T>(path: string, body?: unknown) => Promise<T>;
  readonly delete: (path: string) => Promise<void>;
};

/**
 * Returns a party's client. The client sends and reads JSON, adds an idempotency key to every POST, and throws a
 * ResponseFault for every response except 2xx.
 */
export function createClient(url: string, key: string, more: Readonly<Record<string, string>> = {}): Client {
  const request = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
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
    if (!response.ok) throw new ResponseFault(`${method} ${path}`, response, parseProblem(text));
    return (text === "" ? undefined : JSON.parse(text)) as T;
  };
  return {
    get: (path) => request("GET", path),
    post: (path, body = {}) => request("POST", path, body),
    put: (path, body = {}) => request("PUT", path, body),
    delete: (path) => request("DELETE", path),
  };
}

/** Waits for a request. Returns false if Crossline does not accept the key, and throws any other fault. */
export async function isAccepted(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (error instanceof ResponseFault && (error.status === 401 || error.status === 403)) return false;
    throw error;
  }
}

/** Reads a problem document. A proxy can respond with another text, which is then the detail. */
export function parseProblem(text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return { detail: text.slice(0, 200) };
  }
}
