import { type Operation, type ResponseSpec, findOperation } from "../openapi/document.ts";
import type { FuzzRequest } from "./requests.ts";

/* Checks whether the OpenAPI document describes a response. */

export type FuzzResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
};

/** Returns the difference between a response and the OpenAPI document, or undefined if they agree. */
export function checkResponse(
  operations: readonly Operation[],
  { caller, request }: FuzzRequest,
  response: FuzzResponse,
): string | undefined {
  const operation = findOperation(operations, request.method, request.path);
  const isStranger = caller === "nobody" || caller === "unknown";
  if (response.status < 400 && isStranger && operation?.isPublic !== true)
    return `a caller without a valid key receives ${response.status}`;
  if (operation === undefined) {
    // The service refuses a wrong address. The checks of the key, the media type and the length run earlier and can
    // refuse the request first.
    const isRefused = [400, 401, 404, 405, 413, 415, 429].includes(response.status) || isRetryLater(response);
    return isRefused
      ? faultOfProblem(operations, response)
      : `${response.status} at an address that the document does not have`;
  }
  if (response.status >= 500 && !isRetryLater(response)) return `a fault: ${response.text.slice(0, 300)}`;
  const described = operation.responses[response.status];
  if (described === undefined)
    return `${operation.id} has no response ${response.status}: ${response.text.slice(0, 300)}`;
  return faultOfResponse(operation.id, described, response);
}

/**
 * Returns whether the response is a 503 with a Retry-After header. The fuzz run counts this response separately, and
 * not as a fault.
 */
export function isRetryLater({ status, headers }: FuzzResponse): boolean {
  return status === 503 && headers["retry-after"] !== undefined;
}

function faultOfResponse(
  id: string,
  described: ResponseSpec,
  { status, headers, text }: FuzzResponse,
): string | undefined {
  if (described.media.length === 0) return text === "" ? undefined : `${id}: ${status} has a body`;
  const type = String(headers["content-type"]).split(";")[0];
  const media = described.media.find((one) => one.type === type);
  if (media === undefined) return `${id}: ${status} has the media type ${type}`;
  const value = /[/+]json$/.test(media.type) ? JSON.parse(text) : text;
  const fault = media.mismatchOf(value);
  if (fault !== undefined) return `${id}: ${status} does not match its schema: ${fault}`;
  if (type !== "application/problem+json") return undefined;
  if (value.status !== status) return `${id}: ${status} has the status ${value.status} in its body`;
  return value.code in media.examples ? undefined : `${id}: ${status} has no code ${value.code}`;
}

/** Every refusal in the document has the same schema. */
function faultOfProblem(operations: readonly Operation[], { headers, text }: FuzzResponse): string | undefined {
  const type = String(headers["content-type"]).split(";")[0];
  if (type !== "application/problem+json") return `a refusal of an unknown address has the media type ${type}`;
  const [media] = operations[0]?.responses["400"]?.media ?? [];
  return media?.mismatchOf(JSON.parse(text));
}
