import {
  type Instant,
  type ProblemField,
  type RosterDocument,
  type RotationPeriod,
  parseInstant,
  rosterDocument,
} from "@crossline/contracts";
import { faultOfAddress } from "../dialling/dialling.ts";
import { formFaults } from "../line/lint.ts";
import { textFaults } from "../line/texts.ts";
import { layerName, periodsOf } from "./layers.ts";
import { idlePeople, shortTurns } from "./warnings.ts";

const faultsMax = 50;

/** The result of a lint: a document that can be published and its warnings, or the faults. Each place is a JSON Pointer. */
export type RosterLintResult =
  | { readonly ok: true; readonly document: RosterDocument; readonly warnings: readonly ProblemField[] }
  | { readonly ok: false; readonly faults: readonly ProblemField[] };

/**
 * Checks a submitted roster: first the form, then the other rules. The warnings come from a simulation that begins at `at`.
 */
export function lintRoster(written: unknown, at: Instant): RosterLintResult {
  const read = rosterDocument.safeParse(written);
  if (!read.success) {
    return { ok: false, faults: read.error.issues.flatMap((issue) => formFaults(issue, [])).slice(0, faultsMax) };
  }
  const faults = [
    ...textFaults(read.data),
    ...peopleFaults(read.data),
    ...rotationFaults(read.data),
    ...exceptionFaults(read.data),
  ].slice(0, faultsMax);
  if (faults.length > 0) return { ok: false, faults };
  return {
    ok: true,
    document: read.data,
    warnings: [...idlePeople(read.data, at), ...shortTurns(read.data, at)].slice(0, faultsMax),
  };
}

function* peopleFaults({ people: all }: RosterDocument): Iterable<ProblemField> {
  if (all.length === 0) yield { at: "/people", message: "needs at least one person" };
  const seen = new Set<string>();
  for (const [index, { id, mail, url, quiet }] of all.entries()) {
    const at = `/people/${index}`;
    if (seen.has(id))
      yield { at: `${at}/id`, message: `is a second person with the id ${id}; give each person their own id` };
    seen.add(id);
    if (mail === undefined && url === undefined)
      yield { at, message: "cannot be reached; add a mail address or a webhook's url" };
    const fault = url === undefined ? undefined : faultOfAddress(url);
    if (fault !== undefined) yield { at: `${at}/url`, message: fault };
    if (quiet !== undefined && quiet.from === quiet.to)
      yield { at: `${at}/quiet/to`, message: "must differ from the beginning of the quiet hours" };
  }
}

function* placedPeriods(
  layers: RosterDocument["rotation"],
): Iterable<{ readonly period: RotationPeriod; readonly at: string }> {
  for (const [index, layer] of layers.entries()) {
    const inLayer = "periods" in layer ? (nth: number) => `/periods/${nth}` : () => "";
    for (const [nth, period] of periodsOf(layer).entries()) yield { period, at: `/rotation/${index}${inLayer(nth)}` };
  }
}

function* rotationFaults({ people: all, rotation: layers }: RosterDocument): Iterable<ProblemField> {
  if (layers.length === 0)
    yield { at: "/rotation", message: "needs at least one layer; without one, no person is ever on duty" };
  const names = layers.map(layerName);
  for (const [index, layer] of layers.entries()) {
    const at = `/rotation/${index}`;
    if (names.indexOf(names[index] ?? "") < index)
      yield {
        at: `${at}/name`,
        message: `is a second layer with the name ${names[index]}; give each layer its own name`,
      };
    if (periodsOf(layer).length === 0) yield { at: `${at}/periods`, message: "is empty; add at least one period" };
  }
  for (const { period, at } of placedPeriods(layers)) {
    const { order, hours } = period;
    if (order.length === 0) yield { at: `${at}/order`, message: "is empty; name at least one person" };
    for (const [place, id] of order.entries()) yield* unknownPersonFaults(all, id, `${at}/order/${place}`);
    if (hours !== undefined && Object.values(hours).every((intervals) => (intervals ?? []).length === 0))
      yield {
        at: `${at}/hours`,
        message: "are empty, so no person would ever be on duty; name hours, or leave them out",
      };
  }
}

type Window = { readonly from: string; readonly to: string };

function* exceptionFaults(document: RosterDocument): Iterable<ProblemField> {
  const { people: all, rotation: layers, overrides = [], swaps = [] } = document;
  const names = layers.map(layerName);
  for (const [index, one] of overrides.entries()) {
    const at = `/overrides/${index}`;
    if (one.person !== null) yield* unknownPersonFaults(all, one.person, `${at}/person`);
    if (one.layer !== undefined && !names.includes(one.layer))
      yield { at: `${at}/layer`, message: `is not a layer of /rotation; the layers are ${names.join(", ")}` };
    yield* windowFaults(one, at);
    const other = overrides.slice(0, index).findIndex((before) => before.layer === one.layer && overlap(before, one));
    if (other >= 0) yield { at, message: `overlaps /overrides/${other}; only one override can apply at a time` };
  }
  for (const [index, one] of swaps.entries()) {
    const at = `/swaps/${index}`;
    const [first, second] = one.between;
    for (const [place, id] of one.between.entries()) yield* unknownPersonFaults(all, id, `${at}/between/${place}`);
    if (first === second) yield { at: `${at}/between`, message: "must name two different people" };
    yield* windowFaults(one, at);
    const other = swaps
      .slice(0, index)
      .findIndex((before) => overlap(before, one) && before.between.some((id) => one.between.includes(id)));
    if (other >= 0) yield { at, message: `overlaps /swaps/${other}, which has one of the same people` };
  }
}

function* unknownPersonFaults(all: RosterDocument["people"], id: string, at: string): Iterable<ProblemField> {
  if (!all.some((person) => person.id === id))
    yield { at, message: "is not in /people; correct the id, or add the person" };
}

function* windowFaults({ from, to }: Window, at: string): Iterable<ProblemField> {
  if (parseInstant(from) >= parseInstant(to)) yield { at: `${at}/to`, message: "must be later than `from`" };
}

function overlap(one: Window, other: Window): boolean {
  return parseInstant(one.from) < parseInstant(other.to) && parseInstant(other.from) < parseInstant(one.to);
}
