import { type ProblemField, type RosterDocument, parseInstant, rosterDocument } from "@crossline/contracts";
import { misfits } from "../line/lint.ts";

const faultsMax = 50;

/**
 * Checks a roster as it was written: its form first, then what needs more than one field. Returns the document, or every fault
 * with its place as a JSON Pointer and what to do about it.
 */
export function lintRoster(
  written: unknown,
):
  | { readonly ok: true; readonly document: RosterDocument }
  | { readonly ok: false; readonly faults: readonly ProblemField[] } {
  const read = rosterDocument.safeParse(written);
  if (!read.success) {
    return { ok: false, faults: read.error.issues.flatMap((issue) => misfits(issue, [])).slice(0, faultsMax) };
  }
  const faults = [...people(read.data), ...rotation(read.data), ...exceptions(read.data)].slice(0, faultsMax);
  return faults.length === 0 ? { ok: true, document: read.data } : { ok: false, faults };
}

function* people({
  people: all,
  rotation: layers,
  overrides = [],
  swaps = [],
}: RosterDocument): Iterable<ProblemField> {
  if (all.length === 0) yield { at: "/people", message: "needs at least one person" };
  const named = new Set([
    ...layers.flatMap(({ order }) => order),
    ...overrides.map(({ person }) => person),
    ...swaps.flatMap(({ between }) => between),
  ]);
  const seen = new Set<string>();
  for (const [index, { id, mail, url, quiet }] of all.entries()) {
    const at = `/people/${index}`;
    if (seen.has(id)) yield { at: `${at}/id`, message: `a second person ${id}; give each their own id` };
    seen.add(id);
    if (mail === undefined && url === undefined)
      yield { at, message: "cannot be reached; add a mail address or a webhook's url" };
    if (!named.has(id)) yield { at, message: "is never on duty; put them into a rotation's order, or leave them out" };
    if (quiet !== undefined && quiet.from === quiet.to)
      yield { at: `${at}/quiet/to`, message: "is quiet for ever or never; let it end at another time than it begins" };
  }
}

function* rotation({ people: all, rotation: layers }: RosterDocument): Iterable<ProblemField> {
  if (layers.length === 0) yield { at: "/rotation", message: "needs at least one layer: nobody would ever be on duty" };
  for (const [index, { order, hours }] of layers.entries()) {
    const at = `/rotation/${index}`;
    if (order.length === 0) yield { at: `${at}/order`, message: "is empty; name at least one person" };
    for (const [place, id] of order.entries()) yield* unknown(all, id, `${at}/order/${place}`);
    if (hours !== undefined && Object.values(hours).every((intervals) => (intervals ?? []).length === 0))
      yield { at: `${at}/hours`, message: "never open: nobody would ever be on duty; name hours, or leave it out" };
  }
}

type Window = { readonly from: string; readonly to: string };

function* exceptions({ people: all, overrides = [], swaps = [] }: RosterDocument): Iterable<ProblemField> {
  for (const [index, one] of overrides.entries()) {
    const at = `/overrides/${index}`;
    yield* unknown(all, one.person, `${at}/person`);
    yield* inverted(one, at);
    const other = overrides.slice(0, index).findIndex((before) => overlap(before, one));
    if (other >= 0) yield { at, message: `overlaps /overrides/${other}; one person at a time stands in for everybody` };
  }
  for (const [index, one] of swaps.entries()) {
    const at = `/swaps/${index}`;
    const [first, second] = one.between;
    for (const [place, id] of one.between.entries()) yield* unknown(all, id, `${at}/between/${place}`);
    if (first === second) yield { at: `${at}/between`, message: "must name two different people" };
    yield* inverted(one, at);
    const other = swaps
      .slice(0, index)
      .findIndex((before) => overlap(before, one) && before.between.some((id) => one.between.includes(id)));
    if (other >= 0) yield { at, message: `overlaps /swaps/${other}, which has one of the same people` };
  }
}

function* unknown(all: RosterDocument["people"], id: string, at: string): Iterable<ProblemField> {
  if (!all.some((person) => person.id === id)) yield { at, message: "is nobody of /people; correct it, or add them" };
}

function* inverted({ from, to }: Window, at: string): Iterable<ProblemField> {
  if (parseInstant(from) >= parseInstant(to)) yield { at: `${at}/to`, message: "must be later than `from`" };
}

function overlap(one: Window, other: Window): boolean {
  return parseInstant(one.from) < parseInstant(other.to) && parseInstant(other.from) < parseInstant(one.to);
}
