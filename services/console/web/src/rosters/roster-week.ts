import type { DutyResponse, PublishedRoster } from "@crossline/contracts";
import { viewerZone } from "../time/format.ts";
import { quietIn } from "./quiet.ts";
import { type Day, type Span, cut, daysFrom, spanOf } from "./week.ts";

type Roster = DutyResponse["rosters"][number];

/** A person of a roster. The initials are different for each person, so no bar needs a colour. */
export type RosterPerson = {
  readonly id: string;
  readonly name: string;
  readonly initials: string;
  readonly unreachable?: string;
};

/** A person's time on duty within the week. */
export type Shift = Span & { readonly layer: string; readonly person: RosterPerson; readonly quiet: readonly Span[] };

/** One roster in one week, in the zone of the roster. */
export type RosterWeek = {
  readonly party: string;
  readonly name: string;
  readonly title: string | undefined;
  readonly zone: string;
  readonly days: readonly Day[];
  readonly span: Span;
  readonly covered: readonly Span[];
  readonly gaps: readonly Span[];
  /** The time that Crossline did not calculate, because the roster changes very often. */
  readonly unknown: Span | undefined;
  /** Absent for a roster of another company. */
  readonly own?: {
    readonly people: readonly RosterPerson[];
    readonly layers: readonly string[];
    readonly shifts: readonly Shift[];
  };
};

/** Returns a roster in the week of a Monday. The document, which only its own company reads, has the zone. */
export function rosterWeek(
  roster: Roster,
  document: PublishedRoster["document"] | undefined,
  monday: string,
): RosterWeek {
  const zone = (document && zoneOf(document)) ?? viewerZone;
  const days = daysFrom(monday, zone);
  const span = spanOf(days);
  const spansOf = (state: "covered" | "gap"): readonly Span[] =>
    roster.coverage.filter((one) => one.state === state).flatMap((one) => cut(msOf(one), span) ?? []);
  const own = roster.own && ownOf(roster.own, document, span);
  return {
    party: roster.roster.party,
    name: roster.roster.name,
    title: document?.title,
    zone,
    days,
    span,
    covered: spansOf("covered"),
    gaps: spansOf("gap"),
    unknown: cut({ from: Date.parse(roster.until), to: span.to }, span),
    ...(own !== undefined && { own }),
  };
}

function ownOf(own: NonNullable<Roster["own"]>, document: PublishedRoster["document"] | undefined, week: Span) {
  const initials = initialsOf(own.people.map(({ name }) => name));
  const people = own.people.map(({ person, name, unreachable }, index) => ({
    id: person,
    name,
    initials: initials[index] ?? "",
    ...(unreachable !== undefined && { unreachable }),
  }));
  const shifts = own.shifts.flatMap(({ layer, person: id, ...rest }) => {
    const part = cut(msOf(rest), week);
    const index = people.findIndex((one) => one.id === id);
    const quiet = own.people[index]?.quiet;
    const person = people[index] ?? { id, name: id, initials: id.slice(0, 2) };
    return part === undefined
      ? []
      : [{ ...part, layer, person, quiet: quiet === undefined ? [] : quietIn(quiet, part) }];
  });
  const named = document?.rotation.map((layer, index) => layer.name ?? `layer-${index + 1}`) ?? [];
  return { people, shifts, layers: [...new Set([...named, ...shifts.map(({ layer }) => layer)])] };
}

/** Returns the initials of each name, with a number if two people have the same. */
export function initialsOf(names: readonly string[]): readonly string[] {
  const used = new Map<string, number>();
  return names.map((name) => {
    const letters = name
      .split(/\s+/)
      .map((word) => Array.from(word)[0]?.toUpperCase() ?? "")
      .join("")
      .slice(0, 3);
    const count = (used.get(letters) ?? 0) + 1;
    used.set(letters, count);
    return count === 1 ? letters : `${letters}${count}`;
  });
}

function zoneOf({ rotation: [first] }: PublishedRoster["document"]): string | undefined {
  if (first === undefined) return undefined;
  return "periods" in first ? first.periods.at(-1)?.zone : first.zone;
}

function msOf({ from, to }: { readonly from: string; readonly to: string }): Span {
  return { from: Date.parse(from), to: Date.parse(to) };
}
