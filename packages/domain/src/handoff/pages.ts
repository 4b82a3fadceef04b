import { type EventData, type Instant, type Severity, formatDuration, partyOf } from "@crossline/contracts";
import type { Line, LineStep } from "../line/line.ts";
import { shortestTargetMs } from "./accept-by.ts";
import { appendHandoffEvent, automation } from "./append-event.ts";
import type { CrossingDecision, PageCause } from "./case-crossing.ts";
import { keepDeadlinePage, pageIdOf } from "./deadline-pages.ts";
import type { CrossingDeps, PeopleOnDuty } from "./deps.ts";
import { withoutWait } from "./waits.ts";

/** A page of one roster and its reason. */
type RosterPage = Pick<EventData<"roster.paged">, "roster" | "reason"> &
  Partial<
    Pick<
      EventData<"roster.paged">,
      "clock" | "kind" | "firingId" | "call" | "step" | "attempt" | "acceptWithin" | "contact"
    >
  >;
type RosterStep = Extract<LineStep, { kind: "roster" }>;

/** The decision after a page; `reached` is true if a person was on duty. */
type PageOutcome = { readonly decision: CrossingDecision; readonly reached: boolean };

/**
 * Takes a line step with a roster, and pages the people on duty. One of these people must take the case within the step's
 * `acceptWithin`. If no person is on duty, the page is published without a clock, and the caller takes the next line step at
 * once.
 */
export function pageStep(decision: CrossingDecision, deps: CrossingDeps, at: Instant, step: RosterStep): PageOutcome {
  const { state } = decision;
  const { roster } = step;
  const { step: index, attempt } = state.next;
  const shortestMs = shortestTargetMs(deps.line, state.material.severity);
  const acceptWithin = step.acceptWithin ?? (shortestMs === undefined ? undefined : formatDuration(shortestMs));
  const within = acceptWithin !== undefined && { acceptWithin };
  const paged = pageRoster(decision, deps, at, { roster, reason: "step", step: index, attempt, ...within });
  const { messages } = paged.decision;
  const beyond = { step: index + 1, attempt: 0 };
  if (!paged.reached)
    return { decision: { state: { ...paged.decision.state, next: beyond }, messages }, reached: false };
  const next = attempt + 1 < step.repeat ? { step: index, attempt: attempt + 1 } : beyond;
  const id = pageIdOf(state.caseId, state.sequence + 1);
  const waits = { for: "page", id, roster, step: index, attempt } as const;
  return { decision: { state: { ...paged.decision.state, next, waits }, messages }, reached: true };
}

/** Pages every roster of the last resort for one call. */
export function pageLastResort(
  decision: CrossingDecision,
  deps: CrossingDeps,
  at: Instant,
  call: number,
): CrossingDecision {
  return rostersOf(deps.line).reduce(
    (before, roster) => pageRoster(before, deps, at, { roster, reason: "last-resort", call }).decision,
    decision,
  );
}

/**
 * Pages the next roster for a deadline that causes no crossing. After the last roster, the first roster follows. The first page
 * of a case goes to the line's emergency roster, even in quiet hours, except for the deadline of a reply. Rosters without a
 * person on duty, and rosters in `tried`, are skipped. A case of a canary pages no roster.
 */
export function pageNextRoster(
  decision: CrossingDecision,
  deps: CrossingDeps,
  at: Instant,
  { tried = [], ...cause }: PageCause & { readonly tried?: readonly string[] },
): CrossingDecision {
  const { line } = deps;
  const { reason, contact: _, ...deadline } = cause;
  if (line.observe || decision.state.canary === true) return decision;
  let current = decision;
  const pagedRosters = [...tried];
  const emergency = reason === "reply" ? undefined : line.needBy?.emergency;
  const { emergency: hadEmergency = false, next: first = 0 } = decision.state.pages ?? {};
  if (emergency !== undefined && !hadEmergency) {
    const paged = pageRoster(current, deps, at, { roster: emergency, ...deadline, reason: "emergency" });
    current = withPages(paged.decision, { emergency: true, next: first });
    pagedRosters.push(emergency);
    if (paged.reached) return keepDeadlinePage(current, cause, pagedRosters);
  }
  const rosters = rostersOf(line);
  for (let nth = 0; nth < rosters.length; nth++) {
    const place = (first + nth) % rosters.length;
    const roster = rosters[place] ?? "";
    if (tried.includes(roster)) continue;
    const paged = pageRoster(current, deps, at, { roster, ...cause });
    const next = (place + 1) % rosters.length;
    current = withPages(paged.decision, { emergency: hadEmergency || emergency !== undefined, next });
    pagedRosters.push(roster);
    if (paged.reached) return keepDeadlinePage(current, cause, pagedRosters);
  }
  return current;
}

function withPages(
  { state, messages }: CrossingDecision,
  pages: { readonly emergency: boolean; readonly next: number },
): CrossingDecision {
  return { state: { ...state, pages }, messages };
}

/** Ends a page of a line step after the time of the page has passed. The caller takes the next line step. */
export function endPage({ state, messages }: CrossingDecision): CrossingDecision {
  return { state: withoutWait(state), messages };
}

/** Returns every roster that a line names, as `<party>.<name>`. */
export function rostersNamedIn(line: Line): readonly string[] {
  const steps = line.crossing.flatMap((step) => (step.kind === "roster" ? [step.roster] : []));
  const { emergency } = line.needBy ?? {};
  return [...new Set([...steps, ...rostersOf(line), ...(emergency === undefined ? [] : [emergency])])];
}

function rostersOf({ lastResort }: Line): readonly string[] {
  return lastResort.flatMap((to) => (to.startsWith("roster:") ? [to.slice("roster:".length)] : []));
}

function pageRoster(
  decision: CrossingDecision,
  { onDuty }: CrossingDeps,
  at: Instant,
  { roster, acceptWithin, ...why }: RosterPage,
): PageOutcome {
  const { state } = decision;
  const isEmergency = why.reason === "emergency";
  const reach = (throughQuietHours: boolean): PeopleOnDuty => onDuty(roster, at, throughQuietHours);
  const { people, throughQuietHours } = peopleFor(reach, state.material.severity, isEmergency);
  const reached = people.length > 0;
  const paged = appendHandoffEvent(decision, at, {
    type: "roster.paged",
    data: {
      actor: automation(state.carrier),
      pageId: pageIdOf(state.caseId, state.sequence + 1),
      roster,
      ...why,
      // If no person is on duty, no person can take the case. Without `acceptWithin`, no clock starts.
      ...(reached && acceptWithin !== undefined && { acceptWithin }),
      throughQuietHours,
      nobody: !reached,
      people: people.map(({ person }) => person),
      ...(reached && { subject: { people: [...people] } }),
    },
  });
  const party = partyOf(roster);
  const { pagedParties = [] } = paged.state;
  if (!reached || pagedParties.includes(party)) return { decision: paged, reached };
  const { state: known, messages } = paged;
  return { decision: { state: { ...known, pagedParties: [...pagedParties, party] }, messages }, reached };
}

/**
 * Returns the people whom a page for this case reaches. If a page for a case of this severity may wake people, the result
 * includes people in their quiet hours.
 */
function peopleFor(
  reach: (throughQuietHours: boolean) => PeopleOnDuty,
  severity: Severity,
  isEmergency: boolean,
): Pick<PeopleOnDuty, "people"> & { readonly throughQuietHours: boolean } {
  const { wakenBy = [], people } = reach(isEmergency);
  if (isEmergency || !wakenBy.includes(severity)) return { people, throughQuietHours: isEmergency };
  return { people: reach(true).people, throughQuietHours: true };
}
