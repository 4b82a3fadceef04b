import type { Actor, Instant, LinkedChange } from "@crossline/contracts";
import { linkedChangesMax } from "../change/match.ts";
import { isRefused, refuse } from "../decision.ts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseDecision, CaseOutcome, CaseState } from "./case.ts";
import { isEnded } from "./status.ts";
import { refuseTransition } from "./transition.ts";

/** The commands about the links of a case to changes. A link that intake makes has no reason. */
export type ChangeLinkCommand =
  | { readonly type: "link-change"; readonly link: LinkedChange; readonly reason?: string | undefined }
  | { readonly type: "unlink-change"; readonly changeId: string; readonly reason: string };

/** Decides a command about the links of a case. The link to a change that the case already has changes nothing. */
export function commandChangeLink(
  state: CaseState,
  command: ChangeLinkCommand,
  actor: Actor,
  at: Instant,
): CaseOutcome {
  if (isEnded(state.status)) return refuseTransition(state, command.type.replace("-", " to a "), "Reopen it first.");
  const links = state.linkedChanges ?? [];
  if (command.type === "unlink-change") {
    const { changeId, reason } = command;
    const isLinked = links.some((link) => link.changeId === changeId && link.removed !== true);
    if (!isLinked) return refuse("not_found", "The case has no link to this change.");
    const appended = appendCaseEvent({ state, messages: [] }, at, {
      type: "change.unlinked",
      data: { actor, changeId, reason },
    });
    const linkedChanges = links.map((link) =>
      link.changeId === changeId ? { ...link, removed: true as const } : link,
    );
    return { ...appended, state: { ...appended.state, linkedChanges } };
  }
  const { link, reason } = command;
  const former = links.find(({ changeId }) => changeId === link.changeId);
  if (former !== undefined && (former.removed !== true || actor.automated)) return { state, messages: [] };
  if (links.length >= linkedChangesMax && former === undefined)
    return refuse("limit_reached", `A case has at most ${linkedChangesMax} links to changes.`);
  return appendLink({ state, messages: [] }, link, { actor, reason, at });
}

/** Links a case to those changes to which it has never been linked. */
export function linkChanges(decision: CaseDecision, links: readonly LinkedChange[], at: Instant): CaseDecision {
  const actor = { party: decision.state.carrier, automated: true };
  return links.reduce((before, link) => {
    const next = commandChangeLink(before.state, { type: "link-change", link }, actor, at);
    return isRefused(next) ? before : { state: next.state, messages: [...before.messages, ...next.messages] };
  }, decision);
}

function appendLink(
  decision: CaseDecision,
  link: LinkedChange,
  { actor, reason, at }: { readonly actor: Actor; readonly reason: string | undefined; readonly at: Instant },
): CaseDecision {
  const data = { actor, ...link, ...(reason !== undefined && { reason }) };
  const appended = appendCaseEvent(decision, at, { type: "change.linked", data });
  const others = (appended.state.linkedChanges ?? []).filter(({ changeId }) => changeId !== link.changeId);
  return { ...appended, state: { ...appended.state, linkedChanges: [...others, link] } };
}
