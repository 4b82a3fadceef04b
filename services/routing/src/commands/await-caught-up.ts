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
 * Waits until a stepped timeline has caught up. Returns the mark of the timeline, which is the instant of the command. On the
 * wall timeline the function returns undefined at once. If intake refuses, the function returns that refusal, for example
 * `not_quiet` or `unavailable`. `party` is the party that sent the command. Intake needs the party, because intake gives each
 * party a fair turn.
 */
export type AwaitCaughtUp = (timeline: string, party: string) => Promise<Instant | undefined | Refusal>;

const responseWithinMs = 60_000;

/** Creates a function that calls intake, which owns the timelines. */
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
      return refusal("unavailable", "Intake, which owns this timeline, cannot be reached; try again later.");
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
    throw new Error(`intake returned ${status} when routing waited for a timeline to catch up`);
  }
  const { code, detail, fields, type: _, title: __, status: ___, ...facts } = problem.data;
  const retryAfterSeconds = Number(headers.get("retry-after") ?? 0);
  return refusal(code, detail, {
    facts,
    ...(fields !== undefined && { fields }),
    ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
  });
}
