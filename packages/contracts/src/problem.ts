import { z } from "zod";

/**
 * The complete table of refusals (RFC 9457). Programs depend on the codes, so a code never changes its meaning. The `type` of a
 * problem document is `/problems/<code>`. Each new code needs a row in this table.
 */
export const problems = {
  invalid_request: { status: 400, title: "The request does not have the required form" },
  unauthenticated: { status: 401, title: "No valid API key was given" },
  forbidden: { status: 403, title: "This API key does not allow the request" },
  not_found: { status: 404, title: "The resource does not exist, or you may not read it" },
  method_not_allowed: { status: 405, title: "This address does not support the method" },
  already_exists: { status: 409, title: "The name is already in use" },
  illegal_transition: { status: 409, title: "The state of the case or hand-off does not allow this" },
  stale_version: { status: 409, title: "The data on which this request is based has changed" },
  stale_token: { status: 409, title: "This fencing token is no longer valid" },
  already_claimed: { status: 409, title: "Another person has the lease of this hand-off" },
  request_in_progress: { status: 409, title: "The first request with this idempotency key is still running" },
  import_in_progress: { status: 409, title: "Another import of this timeline is still running" },
  timeline_ended: { status: 409, title: "This timeline does not accept the request" },
  timeline_broken: { status: 409, title: "Records of this timeline were lost, so the timeline cannot continue" },
  too_early: { status: 409, title: "This instant is before the timeline mark" },
  not_quiet: { status: 409, title: "The timeline did not catch up in time" },
  too_large: { status: 413, title: "The request is larger than the limit" },
  unsupported_media_type: { status: 415, title: "This address does not support the content type" },
  limit_reached: { status: 422, title: "A limit of this case or account is reached" },
  idempotency_mismatch: { status: 422, title: "This idempotency key was used for another request" },
  missing_idempotency_key: { status: 400, title: "This request needs an Idempotency-Key header" },
  unknown_line: { status: 422, title: "No such line is published" },
  step_already_tried: { status: 409, title: "This step has already been tried on this device" },
  returning_closed: { status: 409, title: "This case is joint and cannot be returned" },
  evidence_needed: { status: 422, title: "This command needs evidence" },
  reason_needed: { status: 422, title: "This command needs a reason" },
  root_cause_needed: { status: 422, title: "A joint case cannot close without a root cause" },
  unknown_calendar: { status: 422, title: "No such calendar is published" },
  unknown_roster: { status: 422, title: "No such roster is published" },
  calendar_does_not_lint: { status: 422, title: "The calendar has faults" },
  roster_does_not_lint: { status: 422, title: "The roster has faults" },
  line_does_not_lint: { status: 422, title: "The line has faults" },
  not_certified: { status: 409, title: "This person lacks the skill for the device of the case" },
  queue_not_open: { status: 422, title: "This queue is not open to the case's carrier" },
  unknown_party: { status: 422, title: "No such party is known" },
  key_ended: { status: 409, title: "This API key has expired, or was rotated before" },
  last_key: { status: 409, title: "This is the party's last API key that can manage keys" },
  too_many_requests: { status: 429, title: "Too many requests; retry later" },
  internal_error: { status: 500, title: "An internal error occurred" },
  overloaded: { status: 503, title: "The system is at its capacity; retry later" },
  unavailable: { status: 503, title: "A required service cannot be reached; retry later" },
} as const;

export type ProblemCode = keyof typeof problems;

/**
 * A fault of a request. `at` is the place (JSON Pointer, header or query name), and `message` says how to correct the value.
 */
export type ProblemField = { readonly at: string; readonly message: string };

/** A refusal as a value. The refused command changed nothing. The routes convert a refusal to `application/problem+json`. */
export type Refusal = {
  readonly code: ProblemCode;
  /** A sentence for a person, which explains how to correct the request. */
  readonly detail: string;
  readonly fields?: readonly ProblemField[];
  /** Members of the problem document that a program can use, for example the current version. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Seconds for the header `Retry-After`. */
  readonly retryAfterSeconds?: number;
};

/** Creates a refusal: `refusal("not_found", "No case has this id.")`. */
export function refusal(code: ProblemCode, detail: string, more: Omit<Refusal, "code" | "detail"> = {}): Refusal {
  return { code, detail, ...more };
}

/**
 * Returns true if the result of a command is a refusal. The function checks `code` and `detail`, because a result that is not a
 * refusal can have a field `code`.
 */
export function isRefusal(result: unknown): result is Refusal {
  return (
    typeof result === "object" &&
    result !== null &&
    "code" in result &&
    "detail" in result &&
    typeof result.detail === "string" &&
    typeof result.code === "string" &&
    Object.hasOwn(problems, result.code)
  );
}

/** The problem document of a response. */
export const problemDocument = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(problems) as [ProblemCode, ...ProblemCode[]]),
    fields: z.array(z.object({ at: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem document" });
