import {
  type Instant,
  type ProblemCode,
  type Refusal,
  parseInstant,
  problemDocument,
  problems,
  caughtUpResponse,
  refusal,
  timelineKind,
} from "@crossline/contracts";

/**
 * Waits until a stepped timeline has come to rest and says where its mark is: a command on it happens then. Undefined on
 * the wall, where nobody waits. A refusal (`not_quiet`, `unavailable` and the like) is passed through. `party` sends the command: intake
 * gives parties their turns one after the other.
 */
export type AwaitCaughtUp = (timeline: string, party: string) => Promise<Instant | undefined | Refusal>;

const responseWithinMs = 60_000;

/** Asks intake, which owns the timelines. */
export function createAwaitCaughtUp({
  intakeUrl,
  internalKey,
}: {
  intakeUrl: string;
  internalKey: string;
}): AwaitCaughtUp {
  return async (timeline, party) => {
    if (timelineKind(timeline) === "wall") return undefined;
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(`${intakeUrl}/internal/timelines/${timeline}/quiet?party=${party}`, {
        method: "POST",
        headers: { authorization: `Bearer ${internalKey}` },
        signal: AbortSignal.timeout(responseWithinMs),
      });
      body = await response.json();
    } catch {
      return refusal("unavailable", "Intake, which drives this timeline, cannot be reached; try again later.");
    }
    return response.ok ? parseInstant(caughtUpResponse.parse(body).mark) : forwardRefusal(response, body);
  };
}

const forwardedCodes: ReadonlySet<ProblemCode> = new Set([
  "not_quiet",
  "timeline_ended",
  "timeline_broken",
  "not_found",
  "overloaded",
  "unavailable",
]);

function forwardRefusal({ status, headers }: Response, body: unknown): Refusal {
  const problem = problemDocument.safeParse(body);
  if (!problem.success || !forwardedCodes.has(problem.data.code) || problems[problem.data.code].status !== status) {
    throw new Error(`intake answered ${status} when it was asked for quiet`);
  }
  const { code, detail, fields, type: _, title: __, status: ___, ...facts } = problem.data;
  const retryAfterSeconds = Number(headers.get("retry-after") ?? 0);
  return refusal(code, detail, {
    facts,
    ...(fields !== undefined && { fields }),
    ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
  });
}
