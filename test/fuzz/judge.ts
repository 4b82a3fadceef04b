import { type Answer, type Operation, matching } from "../openapi/document.ts";
import type { Asked } from "./requests.ts";

/* Whether an answer is one that the document has. */

export type Got = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
};

/** What is wrong with an answer; undefined where the document has it. */
export function judge(operations: readonly Operation[], { caller, request }: Asked, got: Got): string | undefined {
  const operation = matching(operations, request.method, request.path);
  const isStranger = caller === "nobody" || caller === "unknown";
  if (got.status < 400 && isStranger) return `a stranger is answered ${got.status}`;
  if (operation === undefined) {
    // Refused by its address alone, or by what may be said before it: the key, the media type, the length.
    const isRefused = [400, 401, 404, 405, 413, 415, 429].includes(got.status) || isLater(got);
    return isRefused ? faultOfProblem(operations, got) : `${got.status} at an address that the document does not have`;
  }
  if (got.status >= 500 && !isLater(got)) return `a fault: ${got.text.slice(0, 300)}`;
  const described = operation.answers[got.status];
  if (described === undefined) return `${operation.id} has no answer ${got.status}: ${got.text.slice(0, 300)}`;
  return faultOfAnswer(operation.id, described, got);
}

/** 503 that says when to try again: no fault, but counted apart. */
export function isLater({ status, headers }: Got): boolean {
  return status === 503 && headers["retry-after"] !== undefined;
}

function faultOfAnswer(id: string, described: Answer, { status, headers, text }: Got): string | undefined {
  if (described.media.length === 0) return text === "" ? undefined : `${id}: ${status} has a body`;
  const type = String(headers["content-type"]).split(";")[0];
  const media = described.media.find((one) => one.type === type);
  if (media === undefined) return `${id}: ${status} comes as ${type}`;
  const value = JSON.parse(text);
  const fault = media.faultOf(value);
  if (fault !== undefined) return `${id}: ${status} does not fit its schema: ${fault}`;
  if (type !== "application/problem+json") return undefined;
  if (value.status !== status) return `${id}: ${status} says ${value.status}`;
  return value.code in media.examples ? undefined : `${id}: ${status} has no code ${value.code}`;
}

/** Any refusal of the document has the same schema. */
function faultOfProblem(operations: readonly Operation[], { headers, text }: Got): string | undefined {
  const type = String(headers["content-type"]).split(";")[0];
  if (type !== "application/problem+json") return `a refusal comes as ${type}`;
  const [media] = operations[0]?.answers["400"]?.media ?? [];
  return media?.faultOf(JSON.parse(text));
}
