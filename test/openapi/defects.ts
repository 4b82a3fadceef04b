import { problems } from "@crossline/contracts";
import type { ResponseSpec, Operation } from "./document.ts";

/** Lists the defects that keep a generated client from calling an operation or from reading one of its responses. */
export function defectsOf(operation: Operation): readonly string[] {
  const { id, path, parameters } = operation;
  const defects: string[] = [];
  const want = (holds: boolean, defect: string): void => void (holds || defects.push(defect));
  want(/^[a-z]+[A-Za-z]+$/.test(id), "no operationId in camel case");
  want((operation.summary ?? "") !== "", "no summary");
  want(operation.tags.length > 0, "no tags");
  const named = (place: string, name: string): boolean =>
    parameters.some((one) => one.in === place && one.name.toLowerCase() === name.toLowerCase());
  for (const [, name = ""] of path.matchAll(/\{(\w+)\}/g)) want(named("path", name), `no parameter ${name}`);
  for (const name of ["traceparent", "x-request-id"]) want(named("header", name), `no header ${name}`);
  want(
    named("header", "Idempotency-Key") === isKeyed(operation),
    "the header Idempotency-Key is missing, or the operation does not use it",
  );
  return [...defects, ...defectsOfBody(operation), ...defectsOfResponses(operation)].map(
    (defect) => `${id || path}: ${defect}`,
  );
}

/** The commands about sessions and links. Their responses contain new secrets, or a repetition does nothing more. */
const ofSessions: ReadonlySet<string> = new Set(["signIn", "createSignInLink", "logOutAtIssuer", "createCustomerLink"]);

/** Returns whether an operation is a command with a key. A lint or preview operation has a body, but changes nothing. */
function isKeyed({ method, id }: Operation): boolean {
  return method === "POST" && !/^(?:lint|preview)/.test(id) && !ofSessions.has(id);
}

function defectsOfBody({ id, method, body }: Operation): readonly string[] {
  const isWanted = (method === "POST" || method === "PUT") && id !== "repeatDelivery";
  if (body === undefined) return isWanted ? ["no body"] : [];
  return body.media.flatMap((media) => defectsOfMedia("the body", media));
}

function defectsOfMedia(
  what: string,
  { schema, examples, mismatchOf }: ResponseSpec["media"][number],
): readonly string[] {
  if (Object.keys(schema).every((keyword) => keyword === "description")) return [`${what} has no schema`];
  if (Object.keys(examples).length === 0) return [`${what} has no example`];
  return Object.entries(examples).flatMap(([name, value]) => {
    const defect = mismatchOf(value);
    return defect === undefined ? [] : [`${what}: ${name} does not fit its schema: ${defect}`];
  });
}

function defectsOfResponses(operation: Operation): readonly string[] {
  const { responses } = operation;
  const wanted = [
    "400",
    "500",
    "503",
    ...(operation.isPublic ? [] : ["401", "429"]),
    ...(operation.path.includes("{") ? ["404"] : []),
    ...(operation.method === "GET" ? [] : ["413", "415"]),
    ...(isKeyed(operation) ? ["409", "422"] : []),
  ];
  const missing = wanted.filter((status) => !(status in responses)).map((status) => `no ${status} response`);
  const successes = Object.keys(responses).filter((status) => /^[23]/.test(status));
  if (successes.length === 0) missing.push("no 2xx or 3xx response");
  return [
    ...missing,
    ...Object.entries(responses).flatMap(([status, response]) => defectsOfResponse(status, response)),
  ];
}

function defectsOfResponse(status: string, { headers, media }: ResponseSpec): readonly string[] {
  const what = `the ${status} response`;
  const defects = media.flatMap((one) => defectsOfMedia(what, one));
  if (!("x-request-id" in headers)) defects.push(`${what} has no x-request-id`);
  if (status.startsWith("3")) return "location" in headers ? defects : [...defects, `${what} has no location`];
  if (status.startsWith("2"))
    return status === "204" || media.length > 0 ? defects : [...defects, `${what} has no content`];
  const hasRetryAfter = headers["retry-after"]?.required === true;
  if ((status === "429" || status === "503") && !hasRetryAfter) defects.push(`${what} has no retry-after`);
  if (media.map(({ type }) => type).join() !== "application/problem+json")
    defects.push(`${what} is not a problem document`);
  const codes = media.flatMap(({ examples }) => Object.entries<any>(examples));
  for (const [code, value] of codes)
    if (value.code !== code || String(problems[code as keyof typeof problems]?.status) !== status)
      defects.push(`${what} has no code ${code}`);
  return defects;
}
