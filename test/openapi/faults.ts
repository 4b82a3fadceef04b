import { problems } from "@crossline/contracts";
import type { Answer, Operation } from "./document.ts";

/** What an operation of the document lacks: nothing where a generated client can call it and read every answer. */
export function faultsOf(operation: Operation): readonly string[] {
  const { id, path, parameters } = operation;
  const faults: string[] = [];
  const want = (holds: boolean, fault: string): void => void (holds || faults.push(fault));
  want(/^[a-z]+[A-Za-z]+$/.test(id), "no operationId in camel case");
  want((operation.summary ?? "") !== "", "no summary");
  want(operation.tags.length > 0, "no tags");
  const named = (place: string, name: string): boolean =>
    parameters.some((one) => one.in === place && one.name.toLowerCase() === name.toLowerCase());
  for (const [, name = ""] of path.matchAll(/\{(\w+)\}/g)) want(named("path", name), `no parameter ${name}`);
  for (const name of ["traceparent", "x-request-id"]) want(named("header", name), `no header ${name}`);
  want(
    named("header", "Idempotency-Key") === isKeyed(operation),
    "Idempotency-Key where none is taken, or none where one is",
  );
  return [...faults, ...faultsOfBody(operation), ...faultsOfAnswers(operation)].map(
    (fault) => `${id || path}: ${fault}`,
  );
}

/** A look that changes nothing is no command, although it has a body. */
function isKeyed({ method, id }: Operation): boolean {
  return method === "POST" && !/^(?:lint|preview)/.test(id);
}

function faultsOfBody({ id, method, body }: Operation): readonly string[] {
  const isWanted = (method === "POST" || method === "PUT") && id !== "repeatDelivery";
  if (body === undefined) return isWanted ? ["no body"] : [];
  return body.media.flatMap((media) => faultsOfMedia("the body", media));
}

function faultsOfMedia(what: string, { schema, examples, faultOf }: Answer["media"][number]): readonly string[] {
  if (Object.keys(schema).every((keyword) => keyword === "description")) return [`${what} has no schema`];
  if (Object.keys(examples).length === 0) return [`${what} has no example`];
  return Object.entries(examples).flatMap(([name, value]) => {
    const fault = faultOf(value);
    return fault === undefined ? [] : [`${what}: ${name} does not fit its schema: ${fault}`];
  });
}

function faultsOfAnswers(operation: Operation): readonly string[] {
  const { answers } = operation;
  const wanted = [
    "400",
    "429",
    "500",
    "503",
    ...(operation.isPublic ? [] : ["401"]),
    ...(operation.path.includes("{") ? ["404"] : []),
    ...(operation.method === "GET" ? [] : ["413", "415"]),
    ...(isKeyed(operation) ? ["409", "422"] : []),
  ];
  const missing = wanted.filter((status) => !(status in answers)).map((status) => `no answer ${status}`);
  const good = Object.keys(answers).filter((status) => status.startsWith("2"));
  if (good.length === 0) missing.push("no good answer");
  return [...missing, ...Object.entries(answers).flatMap(([status, answer]) => faultsOfAnswer(status, answer))];
}

function faultsOfAnswer(status: string, { headers, media }: Answer): readonly string[] {
  const what = `the answer ${status}`;
  const faults = media.flatMap((one) => faultsOfMedia(what, one));
  if (!("x-request-id" in headers)) faults.push(`${what} has no x-request-id`);
  if (status.startsWith("2"))
    return status === "204" || media.length > 0 ? faults : [...faults, `${what} has no content`];
  const isTold = headers["retry-after"]?.required === true;
  if ((status === "429" || status === "503") && !isTold) faults.push(`${what} has no retry-after`);
  if (media.map(({ type }) => type).join() !== "application/problem+json")
    faults.push(`${what} is no problem document`);
  const codes = media.flatMap(({ examples }) => Object.entries<any>(examples));
  for (const [code, value] of codes)
    if (value.code !== code || String(problems[code as keyof typeof problems]?.status) !== status)
      faults.push(`${what} has no code ${code}`);
  return faults;
}
