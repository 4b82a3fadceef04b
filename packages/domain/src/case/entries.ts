import type { Actor, EventData, Instant } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { attachmentFault } from "../dossier/attachment.ts";
import type { LedgerEntry } from "../dossier/ledger.ts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseOutcome, CaseState } from "./case.ts";
import { placeEntry, withEntry } from "./chains.ts";
import { addToSubject, refuseIdentity } from "./subject.ts";

type NewEntry = Omit<EventData<"entry.added">, "actor" | "chain" | "number" | "previous" | "hash" | "repeats">;

/**
 * The command to add an entry. `tried` is the earlier entry with the same step on this device. `again` is the reason to repeat
 * the step.
 */
export type EntryCommand = {
  readonly type: "add-entry";
  readonly tried?: LedgerEntry;
  readonly again?: string | undefined;
} & NewEntry;

const factsMax = 200;

/** Adds the names of facts to the case. A line can require a fact by its name. */
export function addFactNames(state: CaseState, names: readonly string[]): CaseState {
  const { facts = [] } = state;
  const newNames = names.filter((name) => !facts.includes(name));
  return newNames.length === 0 ? state : { ...state, facts: [...facts, ...newNames].slice(-factsMax) };
}

/**
 * Adds an entry to its chain in the dossier. If a step was already tried on this device with these parameters, the entry is
 * refused. The refusal names the author, time and outcome of the earlier entry. If the command gives a reason, the entry is
 * accepted and names the earlier entry.
 */
export function addEntry(state: CaseState, command: EntryCommand, actor: Actor, at: Instant): CaseOutcome {
  const { type: _, tried, again, ...entry } = command;
  if (entry.attachment !== undefined) {
    const fault = attachmentFault(entry.attachment);
    if (fault !== undefined) return refuse("invalid_request", `The attachment ${fault.message}.`, { fields: [fault] });
  }
  const refusal = refuseIdentity(entry.subject);
  if (refusal !== undefined) return { refused: refusal };
  if (tried !== undefined && again === undefined) return refuseTriedStep(entry, tried);
  const data = {
    ...entry,
    actor,
    ...(tried !== undefined && again !== undefined && { repeats: { entryId: tried.entryId, reason: again } }),
  };
  const place = placeEntry(state, at, data);
  const decided = appendCaseEvent({ state, messages: [] }, at, { type: "entry.added", data: { ...data, ...place } });
  // A fact in an internal entry does not fill a required item. A shared fact counts for every line to which the case may move.
  const isShared = entry.audience !== "internal";
  const name = isShared ? entry.fact?.name : undefined;
  const withSubject = addToSubject(
    withEntry(decided.state, place, actor.party, at),
    isShared ? entry.subject : undefined,
  );
  return { ...decided, state: addFactNames(withSubject, name === undefined ? [] : [name]) };
}

function refuseTriedStep({ step }: Pick<NewEntry, "step">, tried: LedgerEntry): CaseOutcome {
  const who = tried.person === undefined ? tried.party : `${tried.person} of ${tried.party}`;
  const detail = `${step?.name ?? "This step"} was tried by ${who} at ${tried.at}: ${tried.outcome}. To try it again, give the reason in \`again\`.`;
  return refuse("step_already_tried", detail, { facts: { tried } });
}
