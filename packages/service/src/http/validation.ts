import { refusal } from "@crossline/contracts";
import type { ProblemField, Refusal } from "@crossline/contracts";
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

const mostFields = 20;
const longestName = 100;
const parts: Record<string, string> = { body: "body", params: "address", querystring: "query", headers: "headers" };

/**
 * What zod found in one part of a request, as a refusal. Fields of the body are JSON Pointers (RFC 6901; the empty one is the
 * whole body), those of the query, the headers and the address go by name.
 */
export function refuseInvalid(part: string, issues: readonly Issue[]): Refusal {
  const fields = issues.flatMap((issue) => toFields(part === "body", issue, []));
  const [first, ...others] = fields;
  const place = first === undefined || first.at === "" ? "" : ` ${first.at}`;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  const detail = `The ${parts[part] ?? part} does not fit:${place} ${first?.message ?? "it is not valid"}${more}.`;
  return refusal("invalid_request", detail, { fields: fields.slice(0, mostFields) });
}

function toFields(inBody: boolean, issue: Issue, above: readonly PropertyKey[]): ProblemField[] {
  const path = [...above, ...issue.path];
  const at = (more: readonly PropertyKey[] = []) =>
    inBody ? pointer([...path, ...more]) : [...path, ...more].join(".");
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.slice(0, mostFields).map((key) => ({ at: at([shorten(key)]), message: "is not known here" }));
    case "invalid_union": {
      // The branch that was meant is most likely the one with the fewest faults.
      const [nearest] = issue.errors.toSorted((one, other) => one.length - other.length);
      if (nearest === undefined || nearest.length === 0) return [{ at: at(), message: "is none of the forms wanted" }];
      return nearest.flatMap((inner) => toFields(inBody, inner, path));
    }
    default:
      return [{ at: at(), message: plain(issue.message) }];
  }
}

/** zod's English without its formula, and "is missing" for what is not there. */
function plain(message: string): string {
  const missing = /^Invalid input: expected (.+), received undefined$/.exec(message);
  if (missing !== null) return `is missing (expected ${missing[1]})`;
  return message.replace(/^Invalid (?:input|option): /, "");
}

/** A JSON Pointer (RFC 6901, 3). */
export function pointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function shorten(key: string): string {
  return key.length > longestName ? `${key.slice(0, longestName)}…` : key;
}
