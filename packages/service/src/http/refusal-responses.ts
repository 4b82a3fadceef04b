import { type ProblemCode, problemDocument, problems, refusal } from "@crossline/contracts";
import { z } from "zod";
import { toProblem } from "./refusal.ts";

const requestId = z.uuid().optional().meta({
  description: "The request's id, for the report of a bug; absent if a limit refuses the request before it is read",
});
const retryAfter = z.string().regex(/^\d+$/);
const inSeconds = retryAfter.meta({ description: "The minimum number of seconds to wait" });
const maybeInSeconds = retryAfter.optional().meta({
  description: "Seconds to wait, if a later request can succeed",
});
const challenge = z.string().meta({
  description: 'Always `Bearer realm="crossline"`',
  examples: ['Bearer realm="crossline"'],
});

/** The headers of every response. */
export const responseHeaders = { "x-request-id": requestId };

/** The refusals of operations as OpenAPI responses. Operations with the same set of codes share one component. */
export class RefusalResponses {
  readonly #responses = new Map<string, object>();

  /** Returns the responses by status. Each response is a reference to a component. */
  of(codes: readonly ProblemCode[]): Record<string, object> {
    const byStatus = Map.groupBy(codes.toSorted(), (code) => problems[code].status);
    return Object.fromEntries([...byStatus].map(([status, some]) => [String(status), this.#response(status, some)]));
  }

  #response(status: number, codes: readonly ProblemCode[]): object {
    const id = codes.join(".");
    const response = this.#responses.get(id) ?? responseOf(id, status, codes);
    this.#responses.set(id, response);
    return response;
  }
}

function responseOf(id: string, status: number, codes: readonly ProblemCode[]): object {
  const headers = z.object({
    ...responseHeaders,
    ...(status === 401 && { "www-authenticate": challenge }),
    ...(status === 409 && { "retry-after": maybeInSeconds }),
    ...((status === 429 || status === 503) && { "retry-after": inSeconds }),
  });
  return {
    id,
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(" "),
    headers,
    content: {
      "application/problem+json": {
        schema: problemDocument,
        examples: Object.fromEntries(codes.map((code) => [code, exampleOfProblem(code)])),
      },
    },
  };
}

const examples = new Map<ProblemCode, object>();

/**
 * Returns the example of a problem document with this code. The keys of a response's examples show a client which codes
 * are possible.
 */
function exampleOfProblem(code: ProblemCode): object {
  const fields =
    code === "invalid_request" ? { fields: [{ at: "/title", message: "is missing (expected string)" }] } : {};
  const { title } = problems[code];
  const example = examples.get(code) ?? {
    id: code,
    summary: title,
    value: toProblem(refusal(code, `${title}.`, fields)),
  };
  examples.set(code, example);
  return example;
}
