import { type Actor, type CaseEvent, type EventData, type Instant, refusal } from "@crossline/contracts";
import type { Outcome } from "../decision.ts";
import { attachmentFault } from "../dossier/attachment.ts";
import type { Tried } from "../dossier/ledger.ts";
import type { CaseDecision, CaseFact, CaseState } from "./case.ts";
import { placeEntry, withEntry } from "./chains.ts";
import { knowSubject, refuseIdentity } from "./subject.ts";

type Told = Omit<EventData<"entry.added">, "actor" | "chain" | "number" | "previous" | "hash" | "repeats">;

/** Something is written down. `tried`: the ledger has this step on this device already. `again`: why it is tried all the same. */
export type EntryCommand = {
  readonly type: "add-entry";
  readonly tried?: Tried;
  readonly again?: string | undefined;
} & Told;

const factsMax = 200;

/** The case with the names of what was given, which a line can require. */
export function knowFacts(state: CaseState, names: readonly string[]): CaseState {
  const { facts = [] } = state;
  const given = names.filter((name) => !facts.includes(name));
  return given.length === 0 ? state : { ...state, facts: [...facts, ...given].slice(-factsMax) };
}

/**
 * Adds an entry to the dossier: numbered, and chained to the one before it in its chain. A step that was tried on this device with these
 * parameters is refused, with who, when and what came of it; with a reason it is taken and says what it repeats.
 */
export function addEntry(
  state: CaseState,
  command: EntryCommand,
  actor: Actor,
  tell: (fact: CaseFact) => CaseDecision,
  at: Instant,
): Outcome<CaseState, CaseEvent> {
  const { type: _, tried, again, ...told } = command;
  if (told.attachment !== undefined) {
    const fault = attachmentFault(told.attachment);
    if (fault !== undefined)
      return { refused: refusal("invalid_request", `The attachment ${fault.message}.`, { fields: [fault] }) };
  }
  const mistyped = refuseIdentity(told.subject);
  if (mistyped !== undefined) return { refused: mistyped };
  if (tried !== undefined && again === undefined) return refuseTried(told, tried);
  const data = {
    ...told,
    actor,
    ...(tried !== undefined && again !== undefined && { repeats: { entryId: tried.entryId, reason: again } }),
  };
  const place = placeEntry(state, at, data);
  const decided = tell({ type: "entry.added", data: { ...data, ...place } });
  // What one company keeps to itself is not given yet; what is given counts for every line that the case may be moved to.
  const isShared = told.audience !== "internal";
  const name = isShared ? told.fact?.name : undefined;
  const known = knowSubject(withEntry(decided.state, place, actor.party, at), isShared ? told.subject : undefined);
  return { ...decided, state: knowFacts(known, name === undefined ? [] : [name]) };
}

function refuseTried({ step }: Pick<Told, "step">, tried: Tried): Outcome<CaseState, CaseEvent> {
  const who = tried.person === undefined ? tried.party : `${tried.person} of ${tried.party}`;
  const detail = `${step?.name ?? "This step"} was tried by ${who} at ${tried.at}: ${tried.outcome}. To try it again, say why in \`again\`.`;
  return { refused: refusal("step_already_tried", detail, { facts: { tried } }) };
}
