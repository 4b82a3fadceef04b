import { type Actor, type EventData, type Instant, formatInstant, timelineKind } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import type { ChangeTaskEvent } from "./task.ts";
import type { DueTask } from "../task/task.ts";
import {
  type AnnouncedChange,
  type ChangeDecision,
  type ChangeOutcome,
  aboutOf,
  appendChangeEvent,
  effectUntil,
  lateByMs,
} from "./change.ts";

/** The content of a new change. The caller supplies the id, the affected companies and the carriers among them. */
export type ChangeAnnouncement = Pick<
  AnnouncedChange,
  "id" | "timeline" | "title" | "description" | "mustDo" | "startsAt" | "endsAt" | "symptoms" | "scope"
> & {
  /** The announcer's kind. A vendor's change affects only cases about its own devices. */
  readonly kind: "carrier" | "vendor";
  readonly companies: readonly string[];
  /** The carriers among the companies. */
  readonly carriers: readonly string[];
  readonly confirmBy?: Instant | undefined;
};

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const longestMs = 400 * dayMs;
/** A task repeats the search for cases on the wall timeline, because a case can be opened while the change is announced. */
const searchAgainMs = 10_000;

/**
 * Announces a change. The decision has the event and the tasks of the deadlines. If the change has already begun, a task links the
 * cases that were opened since its start.
 */
export function announceChange(announcement: ChangeAnnouncement, actor: Actor, at: Instant): ChangeOutcome {
  const refused = refuseAnnouncement(announcement, actor.party, at);
  if (refused !== undefined) return refused;
  const { kind, companies, carriers, confirmBy = defaultConfirmBy(announcement, at), scope, ...content } = announcement;
  const others = [...new Set(companies)].filter((company) => company !== actor.party);
  const state: AnnouncedChange = {
    ...content,
    by: actor.party,
    carriers: [...new Set([...(kind === "carrier" ? [actor.party] : []), ...carriers])],
    scope: kind === "vendor" ? { ...scope, vendor: actor.party } : scope,
    announcedAt: at,
    confirmBy,
    receipts: others.map((company) => ({ company, is: "awaited", reminded: false })),
    sequence: 0,
  };
  const decision: ChangeDecision = { state, messages: [], tasks: tasksOf(state, at) };
  return appendChangeEvent(decision, at, { type: "change.announced", data: announcedData(state, actor) });
}

function announcedData(state: AnnouncedChange, actor: Actor): EventData<"change.announced"> {
  const { description, mustDo, endsAt, symptoms, confirmBy, receipts } = state;
  return {
    actor,
    companies: [state.by, ...receipts.map(({ company }) => company)],
    ...aboutOf(state),
    description,
    ...(mustDo !== undefined && { mustDo }),
    ...(endsAt !== undefined && { endsAt: formatInstant(endsAt) }),
    symptoms: [...symptoms],
    confirmBy: formatInstant(confirmBy),
    late: lateByMs(state) !== undefined,
  };
}

/** Returns the deadlines of the receipts, and the search for cases if the change has already begun. */
function tasksOf(
  { id: changeId, timeline, receipts, confirmBy, startsAt, endsAt, symptoms }: AnnouncedChange,
  at: Instant,
) {
  const tasks: DueTask[] = [];
  const add = (event: ChangeTaskEvent, dueAt?: Instant): void =>
    void tasks.push({ timeline, subject: changeId, dueAt, task: { does: "change", changeId, event } });
  if (receipts.length > 0) {
    add({ is: "remind" }, at + Math.ceil((confirmBy - at) / 2));
    add({ is: "overdue" }, confirmBy);
  }
  if (symptoms.length > 0 && startsAt <= at && at <= effectUntil({ startsAt, endsAt })) {
    add({ is: "link-cases" });
    if (timelineKind(timeline) === "wall") add({ is: "link-cases" }, at + searchAgainMs);
  }
  return tasks;
}

function defaultConfirmBy({ startsAt }: Pick<AnnouncedChange, "startsAt">, at: Instant): Instant {
  return Math.max(at + hourMs, Math.min(at + dayMs, startsAt));
}

function refuseAnnouncement(
  { kind, scope, startsAt, endsAt, confirmBy }: ChangeAnnouncement,
  party: string,
  at: Instant,
) {
  const fields: { at: string; message: string }[] = [];
  const fault = (path: string, message: string): void => void fields.push({ at: path, message });
  if (kind === "vendor" && (scope.vendor ?? party) !== party) fault("/affected/vendor", "must be your own company");
  if (Math.abs(startsAt - at) > longestMs) fault("/startsAt", "must be at most 400 days from now");
  if (endsAt !== undefined && endsAt < startsAt) fault("/endsAt", "must not be before startsAt");
  if (endsAt !== undefined && endsAt - startsAt > longestMs)
    fault("/endsAt", "must be at most 400 days after startsAt");
  if (confirmBy !== undefined && (confirmBy <= at || confirmBy - at > longestMs))
    fault("/confirmBy", "must be after now, and at most 400 days from now");
  const [first] = fields;
  if (first === undefined) return undefined;
  return refuse("invalid_request", `The body is not valid: ${first.at} ${first.message}.`, { fields });
}
