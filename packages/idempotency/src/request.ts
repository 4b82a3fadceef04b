import { hash } from "node:crypto";
import { type Refusal, isRefusal, refusal, wall } from "@crossline/contracts";

/** The properties that identify a repeated request. */
export type IdempotentRequest = {
  readonly party: string;
  /** The request's `Idempotency-Key`, parsed by `readIdempotencyKey`. */
  readonly key: string;
  /** Keys of different timelines are independent. Default: `wall`. */
  readonly timeline?: string;
  readonly method: string;
  readonly path: string;
  /** The parsed body. The schema orders the fields of the body, so the sender's order of fields has no effect. */
  readonly body: unknown;
  /**
   * The value that encrypts the stored response, if the response contains a secret. Only the sender may know the value,
   * and each request of the sender must contain the value (for example the API key). A repeated request with a
   * different value counts as a different request and is refused.
   */
  readonly sealedBy?: string;
  /** Returns true if the sender has closed its connection. The sender may then have repeated the request elsewhere. */
  readonly isAbandoned?: () => boolean;
};

/** The properties of an HTTP request that `readIdempotentRequest` reads, as Fastify has them. */
type SentRequest = {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly socket: { readonly destroyed: boolean };
};

/** Returns the properties by which a repeated request is recognized, or a refusal if the request has no valid key. */
export function readIdempotentRequest(sent: SentRequest, party: string): IdempotentRequest | Refusal {
  const key = readIdempotencyKey(sent.headers["idempotency-key"]);
  if (isRefusal(key)) return key;
  const { method, url: path, body, socket } = sent;
  return { party, key, method, path, body, isAbandoned: () => socket.destroyed };
}

const keyForm = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/**
 * Parses the header `Idempotency-Key`, which must have 1 to 255 printable ASCII characters. Returns a refusal for any
 * other value.
 */
export function readIdempotencyKey(header: string | readonly string[] | undefined): string | Refusal {
  if (header === undefined || header === "") {
    return refusal(
      "missing_idempotency_key",
      "Send a header `Idempotency-Key`. Use a new key for every request, and the same key when you repeat it.",
    );
  }
  if (typeof header === "string" && keyForm.test(header)) return header;
  const message = "must be 1 to 255 printable ASCII characters, sent once";
  return refusal("invalid_request", `The header Idempotency-Key ${message}.`, {
    fields: [{ at: "idempotency-key", message }],
  });
}

/** Returns a text that identifies the key of a request, for its lock and for the search for duplicates in a batch. */
export function nameOf({ party, timeline = wall, key }: IdempotentRequest): string {
  return `${party}\n${timeline}\n${key}`;
}

/** Returns the SHA-256 of the properties that must be the same in a repeated request. */
export function hashOf({ method, path, body, sealedBy }: IdempotentRequest): Buffer {
  const seal = sealedBy === undefined ? "" : `\n${sealedBy}`;
  return hash("sha256", `${method}\n${path}\n${JSON.stringify(body) ?? ""}${seal}`, "buffer");
}
