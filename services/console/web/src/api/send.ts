import type { ProblemCode, ProblemField } from "@crossline/contracts";

/** A problem document (RFC 9457) as the screens show it. */
export type ProblemDocument = {
  readonly code?: ProblemCode;
  readonly title: string;
  readonly detail?: string;
  readonly fields?: readonly ProblemField[];
};

/** A response of the API that is no success. `requestId` is the id under which the log of Crossline has the request. */
export class ResponseFault extends Error {
  readonly status: number;
  readonly problem: ProblemDocument;
  readonly requestId: string | undefined;

  constructor(status: number, problem: ProblemDocument, requestId: string | undefined) {
    super(problem.detail ?? problem.title);
    this.name = "ResponseFault";
    this.status = status;
    this.problem = problem;
    this.requestId = requestId;
  }
}

type SendOptions = {
  readonly body?: unknown;
  readonly key?: string;
  readonly signal?: AbortSignal;
  /** The token of a customer's link. With a token, the request has no session. */
  readonly token?: string;
};

/**
 * Sends a request to the public API with the session of the browser, and returns the JSON of the response, or undefined without a
 * body. `key` is the idempotency key of a command; a person who repeats a command after a fault must send the same key. Throws a
 * ResponseFault if the response is no success, and a TypeError if the network or the server is not reachable.
 */
export async function send<T>(method: string, path: string, options: SendOptions = {}): Promise<T> {
  const { body, key = crypto.randomUUID(), signal, token } = options;
  const response = await fetch(path, {
    method,
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(method !== "GET" && { "idempotency-key": key }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(token !== undefined && { credentials: "omit" }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  });
  const text = await response.text();
  if (response.ok) return (text === "" ? undefined : jsonIn(text)) as T;
  throw new ResponseFault(
    response.status,
    problemIn(text, response.status),
    response.headers.get("x-request-id") ?? undefined,
  );
}

/** Reads from the public API. */
export function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  return send<T>("GET", path, signal === undefined ? {} : { signal });
}

/** Returns the query of an address: `?` and the parameters that have a value, or an empty text. */
export function queryOf(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return query === "" ? "" : `?${query}`;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A network with a sign-in page of its own can respond with that page. 502: the same request can succeed later.
    throw new ResponseFault(502, { title: "The response is not from Crossline" }, undefined);
  }
}

/** Returns the problem document in a response. A proxy between the browser and Crossline can respond with any other text. */
function problemIn(text: string, status: number): ProblemDocument {
  let given: Partial<Record<keyof ProblemDocument, unknown>> | null;
  try {
    given = JSON.parse(text) as typeof given;
  } catch {
    given = null;
  }
  if (typeof given?.title !== "string") return { title: `The server responded with the status ${status}` };
  const { detail, fields, ...others } = given;
  return {
    ...(others as ProblemDocument),
    ...(typeof detail === "string" && { detail }),
    ...(Array.isArray(fields) && { fields: fields as ProblemDocument["fields"] & object }),
  };
}
