import type { PagedPerson, RosterDocument, RosterPerson, Severity } from "@crossline/contracts";
import { type CrossingDeps, type Line, mayWake, onDuty, rostersNamedIn } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { newestVersions, readRosters } from "./rosters.ts";

const cachedMax = 1_000;
const severities: readonly Severity[] = ["critical", "major", "minor"];

/** Reads the people on duty for the decisions of a transaction. */
export type DutyReader = {
  /** Reads the newest version of each roster that these lines name. If no line names a roster, the function sends no query. */
  load(tx: Tx, lines: readonly Line[]): Promise<CrossingDeps["onDuty"]>;
  /** Reads the newest version of each of these rosters (`<party>.<name>`). */
  loadRosters(tx: Tx, rosters: readonly string[]): Promise<CrossingDeps["onDuty"]>;
};

/**
 * Creates a reader that caches the document of each version, since a version never changes. Each call of `load` queries only the
 * numbers of the newest versions.
 */
export function createDutyReader(): DutyReader {
  const cache = new Map<string, RosterDocument>();
  const reader: DutyReader = {
    load: (tx, lines) => reader.loadRosters(tx, [...new Set(lines.flatMap((line) => rostersNamedIn(line)))]),
    async loadRosters(tx, named) {
      const newest = named.length === 0 ? [] : await newestVersions(tx, named);
      const missing = newest.filter((ref) => !cache.has(keyOf(ref)));
      if (cache.size + missing.length > cachedMax) cache.clear();
      const wanted = newest.filter((ref) => !cache.has(keyOf(ref)));
      for (const { party, name, version, document } of wanted.length === 0 ? [] : await readRosters(tx, wanted))
        cache.set(keyOf({ roster: `${party}.${name}`, version }), document);
      const documents = new Map(newest.map((ref) => [ref.roster, cache.get(keyOf(ref))]));
      return (roster, at, throughQuietHours) => {
        const document = documents.get(roster);
        if (document === undefined) return { exists: false, people: [] };
        const people = onDuty(document, at, throughQuietHours).map(toPaged);
        return { exists: true, people, wakenBy: severities.filter((severity) => mayWake(document, severity)) };
      };
    },
  };
  return reader;
}

/** Returns a roster's person in the form that pages use. */
export function toPaged({ id: person, name, mail, url }: RosterPerson): PagedPerson {
  return { person, name, ...(mail !== undefined && { mail }), ...(url !== undefined && { url }) };
}

function keyOf({ roster, version }: { readonly roster: string; readonly version: number }): string {
  return `${roster}@${version}`;
}
