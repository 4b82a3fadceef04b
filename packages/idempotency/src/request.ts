import { hash } from "node:crypto";
import { type Refusal, refusal, wall } from "@crossline/contracts";

/** What a repeated request is recognised by. */
export type IdempotentRequest = {
  readonly party: string;
  /** The request's `Idempotency-Key`, by `readIdempotencyKey`. */
  readonly key: string;
  /** Keys of one timeline do not meet those of another; `wall` where it is not given. */
  readonly timeline?: string;
  readonly method: string;
  readonly path: string;
  /** As parsed: the schema's order of keys makes the sender's own not matter. */
  readonly body: unknown;
  /**
   * For answers that hold a secret which is stored nowhere: something that only the sender has and sends every time (its API
   * key). The answer is encrypted with it, and a repetition under another one is refused as another request.
   */
  readonly sealedBy?: string;
};

const keyForm = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** Reads the header `Idempotency-Key`: 1 to 255 printable ASCII characters, or the refusal to answer with. */
export function readIdempotencyKey(header: string | readonly string[] | undefined): string | Refusal {
  if (header === undefined || header === "") {
    return refusal(
      "missing_idempotency_key",
      "Send a header `Idempotency-Key`, new for every request but its repetitions.",
    );
  }
  if (typeof header === "string" && keyForm.test(header)) return header;
  const message = "must be 1 to 255 printable ASCII characters, sent once";
  return refusal("invalid_request", `The header Idempotency-Key ${message}.`, {
    fields: [{ at: "idempotency-key", message }],
  });
}

/** One text per key, for the lock and for finding a key twice in a batch. */
export function nameOf({ party, timeline = wall, key }: IdempotentRequest): string {
  return `${party}\n${timeline}\n${key}`;
}

/** SHA-256 of what must be the same in a repetition. */
export function hashOf({ method, path, body, sealedBy }: IdempotentRequest): Buffer {
  const seal = sealedBy === undefined ? "" : `\n${sealedBy}`;
  return hash("sha256", `${method}\n${path}\n${JSON.stringify(body) ?? ""}${seal}`, "buffer");
}
