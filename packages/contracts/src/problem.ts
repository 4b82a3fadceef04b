import { z } from "zod";

/**
 * The closed table of refusals (RFC 9457). A code is for programs and never changes its meaning; `type` is
 * `/problems/<code>`. Whoever adds one adds it here.
 */
export const problems = {
  invalid_request: { status: 400, title: "The request does not have the form that is wanted" },
  unauthenticated: { status: 401, title: "No valid API key was given" },
  forbidden: { status: 403, title: "This key may not do that" },
  not_found: { status: 404, title: "There is no such thing, or it is not yours to see" },
  method_not_allowed: { status: 405, title: "This address does not take that method" },
  already_exists: { status: 409, title: "There is one with this name already" },
  illegal_transition: { status: 409, title: "The case or hand-off cannot go there from its present state" },
  stale_version: { status: 409, title: "What this request was based on has changed since" },
  stale_token: { status: 409, title: "This fencing token is no longer the valid one" },
  already_claimed: { status: 409, title: "Somebody else holds the lease of this hand-off" },
  request_in_progress: { status: 409, title: "The first request with this idempotency key is still running" },
  import_in_progress: { status: 409, title: "Another import of this timeline is still running" },
  timeline_ended: { status: 409, title: "This timeline does not take that any more" },
  timeline_broken: { status: 409, title: "Records of this timeline were lost, so that it cannot go on" },
  too_early: { status: 409, title: "This lies before the timeline's mark" },
  not_quiet: { status: 409, title: "The timeline did not come to rest in time" },
  too_large: { status: 413, title: "The request is larger than the limit" },
  unsupported_media_type: { status: 415, title: "This address does not take that content type" },
  limit_reached: { status: 422, title: "A limit of this case or account is reached" },
  idempotency_mismatch: { status: 422, title: "This idempotency key was used for another request" },
  missing_idempotency_key: { status: 400, title: "This request needs an Idempotency-Key header" },
  unknown_line: { status: 422, title: "No such line is published" },
  step_already_tried: { status: 409, title: "This step has been tried on this device already" },
  returning_closed: { status: 409, title: "This case is joint: it is not sent back any more" },
  evidence_needed: { status: 422, title: "This needs evidence" },
  root_cause_needed: { status: 422, title: "A joint case closes with a root cause only" },
  unknown_calendar: { status: 422, title: "No such calendar is published" },
  unknown_roster: { status: 422, title: "No such roster is published" },
  calendar_does_not_lint: { status: 422, title: "The calendar has faults" },
  roster_does_not_lint: { status: 422, title: "The roster has faults" },
  line_does_not_lint: { status: 422, title: "The line has faults" },
  queue_not_open: { status: 422, title: "This queue is not open to the case's carrier" },
  unknown_party: { status: 422, title: "No such party is known" },
  too_many_requests: { status: 429, title: "Too many requests; try again later" },
  internal_error: { status: 500, title: "Something went wrong on our side" },
  overloaded: { status: 503, title: "The system has as much as it can take; try again later" },
  unavailable: { status: 503, title: "A part that is needed cannot be reached; try again later" },
} as const;

export type ProblemCode = keyof typeof problems;

/** One fault of a request, by JSON Pointer (or header or query name) and what to do about it. */
export type ProblemField = { readonly at: string; readonly message: string };

/** A refusal, as a value: nothing was changed. Made into `application/problem+json` at the edge. */
export type Refusal = {
  readonly code: ProblemCode;
  /** What a person needs to mend it, in a sentence. */
  readonly detail: string;
  readonly fields?: readonly ProblemField[];
  /** Members of the problem document that a program can act on (e.g. the current version). */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Seconds; becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
};

/** Makes a refusal; `refusal("not_found", "No case has this id.")`. */
export function refusal(code: ProblemCode, detail: string, more: Omit<Refusal, "code" | "detail"> = {}): Refusal {
  return { code, detail, ...more };
}

/**
 * Tells a refusal from any other result of a command. It checks the code and the sentence, so that a result with a field `code` of
 * its own is no refusal.
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

/** The document on the wire. */
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
