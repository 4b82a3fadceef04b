import { type EventData, type Instant, formatDuration } from "@crossline/contracts";
import type { BreachEffect } from "../clock/change.ts";
import { acceptanceRules } from "../line/clock-rules.ts";
import type { Line, Step } from "../line/line.ts";
import { type CaseCrossing, type CrossingDecision, automation, tell } from "./case-crossing.ts";
import { keepDeadlinePage, pageIdOf } from "./deadline-pages.ts";
import type { Ground, OnDuty } from "./ground.ts";
import { withoutWait } from "./waits.ts";

type Paged = EventData<"roster.paged">;
type Deadline = Pick<Paged, "clock" | "kind" | "firingId">;
type Why = Pick<Paged, "reason"> &
  Deadline &
  Partial<Pick<Paged, "call" | "step" | "attempt" | "acceptWithin" | "contact">>;
type RosterStep = Extract<Step, { kind: "roster" }>;

/** Why a deadline pages, and which one it is: of a reply that is owed, with the customer's contact. */
export type PageCause = Deadline & {
  readonly reason: Extract<BreachEffect, { does: "page" }>["reason"];
  readonly contact?: Paged["contact"];
};

/** What a page came to: the decision, and whether anybody was reached. */
type Page = { readonly decision: CrossingDecision; readonly reached: boolean };

/**
 * Takes a step of the line that is a roster: its people are told, and one of them has `acceptWithin` to take the case. Nobody
 * on duty is told too, and starts no clock: the caller goes on with the next step at once, as after a closed queue.
 */
export function pageStep(decision: CrossingDecision, ground: Ground, at: Instant, step: RosterStep): Page {
  const { state } = decision;
  const { step: index, attempt } = state.next;
  const acceptWithin = step.acceptWithin ?? withinOf(ground.line, state);
  const why: Why = { reason: "step", step: index, attempt, ...(acceptWithin === undefined ? {} : { acceptWithin }) };
  const { decision: told, reached } = page(decision, ground, at, step.roster, why);
  if (!reached)
    return { decision: { ...told, state: { ...told.state, next: { step: index + 1, attempt: 0 } } }, reached };
  const next = attempt + 1 < step.repeat ? { step: index, attempt: attempt + 1 } : { step: index + 1, attempt: 0 };
  const id = pageIdOf(state.caseId, state.sequence + 1);
  const waits = { for: "page", id, roster: step.roster, step: index, attempt } as const;
  return { decision: { ...told, state: { ...told.state, next, waits } }, reached };
}

/** Tells everybody on the rosters of the last resort, at each of its calls. */
export function pageLastResort(
  decision: CrossingDecision,
  ground: Ground,
  at: Instant,
  call: number,
): CrossingDecision {
  const why: Why = { reason: "last-resort", call };
  return rostersOf(ground.line).reduce((before, roster) => page(before, ground, at, roster, why).decision, decision);
}

/**
 * A deadline passed that crosses nothing: the next roster is paged, one further each time and round again. The first is the line's
 * emergency roster, once, through quiet hours, unless it is an answer that is owed. A roster that reaches no person is passed over,
 * and so is one that was `tried` for this deadline.
 */
export function pageNext(
  decision: CrossingDecision,
  ground: Ground,
  at: Instant,
  { tried = [], ...cause }: PageCause & { readonly tried?: readonly string[] },
): CrossingDecision {
  const { line } = ground;
  const { reason, contact: _, ...deadline } = cause;
  if (line.observe) return decision;
  let now = decision;
  const asked = [...tried];
  const emergency = reason === "reply" ? undefined : line.needBy?.emergency;
  const { emergency: hadEmergency = false, next: first = 0 } = decision.state.pages ?? {};
  if (emergency !== undefined && !hadEmergency) {
    const told = page(now, ground, at, emergency, { ...deadline, reason: "emergency" });
    now = { ...told.decision, state: { ...told.decision.state, pages: { emergency: true, next: first } } };
    asked.push(emergency);
    if (told.reached) return keep(now, cause, asked);
  }
  const rosters = rostersOf(line);
  for (let nth = 0; nth < rosters.length; nth++) {
    const place = (first + nth) % rosters.length;
    const roster = rosters[place] ?? "";
    if (tried.includes(roster)) continue;
    const told = page(now, ground, at, roster, cause);
    const pages = { emergency: hadEmergency || emergency !== undefined, next: (place + 1) % rosters.length };
    now = { ...told.decision, state: { ...told.decision.state, pages } };
    asked.push(roster);
    if (told.reached) return keep(now, cause, asked);
  }
  return now;
}

function keep({ state, messages }: CrossingDecision, cause: PageCause, tried: readonly string[]): CrossingDecision {
  return { state: keepDeadlinePage(state, cause, tried), messages };
}

/** Nobody took the case within the time that a page of a step gave. The caller takes the next step. */
export function endPage(decision: CrossingDecision): CrossingDecision {
  return { state: withoutWait(decision.state), messages: decision.messages };
}

/** Whether a person can take the case: the last resort is called, or a page of a step is out. */
export function canBeTaken({ waits }: CaseCrossing): boolean {
  return waits.for === "last-resort" || waits.for === "page";
}

/** Whether people of this party were told of the case, so that they may take it although it never crossed to them. */
export function wasPaged({ pagedParties = [] }: CaseCrossing, party: string): boolean {
  return pagedParties.includes(party);
}

/** Every roster that a line names, `<party>.<name>`. */
export function rostersNamedIn(line: Line): readonly string[] {
  const steps = line.crossing.flatMap((step) => (step.kind === "roster" ? [step.roster] : []));
  const { emergency } = line.needBy ?? {};
  return [...new Set([...steps, ...rostersOf(line), ...(emergency === undefined ? [] : [emergency])])];
}

function rostersOf({ lastResort }: Line): readonly string[] {
  return lastResort.flatMap((to) => (to.startsWith("roster:") ? [to.slice("roster:".length)] : []));
}

function withinOf(line: Line, { material }: CaseCrossing): string | undefined {
  const targets = acceptanceRules(line).map((rule) => rule.target[material.severity]);
  return targets.length === 0 ? undefined : formatDuration(Math.min(...targets));
}

function page(decision: CrossingDecision, ground: Ground, at: Instant, roster: string, why: Why): Page {
  const { state } = decision;
  const { through, people } = reach(ground, roster, at, state.material.severity, why.reason === "emergency");
  const reached = people.length > 0;
  const { acceptWithin, ...rest } = why;
  const told = tell(decision, at, "roster.paged", {
    actor: automation(state.carrier),
    pageId: pageIdOf(state.caseId, state.sequence + 1),
    roster,
    ...rest,
    // Without it no clock starts: nobody is there whose answer could be waited for.
    ...(reached && acceptWithin !== undefined ? { acceptWithin } : {}),
    throughQuietHours: through,
    nobody: !reached,
    people: people.map(({ person }) => person),
    ...(reached ? { subject: { people: [...people] } } : {}),
  });
  const party = roster.split(".")[0] ?? roster;
  const { pagedParties = [] } = told.state;
  if (!reached || pagedParties.includes(party)) return { decision: told, reached };
  return { decision: { ...told, state: { ...told.state, pagedParties: [...pagedParties, party] } }, reached };
}

/** The people of a roster that a page for this case reaches: by the case's severity also those in their quiet hours. */
function reach(
  ground: Ground,
  roster: string,
  at: Instant,
  severity: CaseCrossing["material"]["severity"],
  emergency: boolean,
): Pick<OnDuty, "people"> & { readonly through: boolean } {
  const { wakenBy = [], people } = ground.onDuty(roster, at, emergency);
  if (emergency || !wakenBy.includes(severity)) return { people, through: emergency };
  return { people: ground.onDuty(roster, at, true).people, through: true };
}
