import { refusal } from "@crossline/contracts";
import type { ProblemField, Refusal } from "@crossline/contracts";
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

const mostFields = 20;
const longestName = 100;
const parts: Record<string, string> = { body: "body", params: "address", querystring: "query", headers: "headers" };

/**
 * Returns the refusal for the issues that zod found in one part of a request. A JSON Pointer (RFC 6901) names a field of the
 * body, and the empty pointer means the whole body. In the query, the headers and the address, a fault has the name of its field.
 */
export function refuseInvalid(part: string, issues: readonly Issue[]): Refusal {
  const fields = issues.flatMap((issue) => toFields(part === "body", issue, []));
  const [first, ...others] = fields;
  const place = first === undefined || first.at === "" ? "" : ` ${first.at}`;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  const detail = `The ${parts[part] ?? part} is not valid:${place} ${first?.message ?? "its form is wrong"}${more}.`;
  return refusal("invalid_request", detail, { fields: fields.slice(0, mostFields) });
}

function toFields(inBody: boolean, issue: Issue, above: readonly PropertyKey[]): ProblemField[] {
  const path = [...above, ...issue.path];
  const at = (more: readonly PropertyKey[] = []) =>
    inBody ? pointer([...path, ...more]) : [...path, ...more].join(".");
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.slice(0, mostFields).map((key) => ({ at: at([shorten(key)]), message: "is an unknown field" }));
    case "invalid_union": {
      // The client most likely meant the form with the fewest faults.
      const [nearest] = issue.errors.toSorted((one, other) => one.length - other.length);
      if (nearest === undefined || nearest.length === 0)
        return [{ at: at(), message: "has none of the accepted forms" }];
      return nearest.flatMap((inner) => toFields(inBody, inner, path));
    }
    default:
      return [{ at: at(), message: plain(issue.message) }];
  }
}

/** Returns zod's message without its prefix. For an absent value the result is "is missing". */
function plain(message: string): string {
  const missing = /^Invalid input: expected (.+), received undefined$/.exec(message);
  if (missing !== null) return `is missing (expected ${missing[1]})`;
  return message.replace(/^Invalid (?:input|option): /, "");
}

/** Returns the JSON Pointer of a path (RFC 6901, 3). */
export function pointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function shorten(key: string): string {
  return key.length > longestName ? `${key.slice(0, longestName)}…` : key;
}
