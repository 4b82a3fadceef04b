import type { Instant, RosterDocument, RosterPerson, Severity } from "@crossline/contracts";
import { compileRoster, personOnDuty } from "./compile.ts";
import { localAt } from "./local-time.ts";

const severities: readonly Severity[] = ["critical", "major", "minor"];

/**
 * Returns the people on duty at an instant, each once, in the order of the layers. Overrides and swaps are applied. People in
 * their quiet hours are left out, unless `throughQuietHours` is true.
 */
export function onDuty(roster: RosterDocument, at: Instant, throughQuietHours: boolean): readonly RosterPerson[] {
  const compiled = compileRoster(roster);
  return [...new Set(compiled.layers.map((layer) => personOnDuty(compiled, layer, at)))]
    .flatMap((id) => roster.people.find((person) => person.id === id) ?? [])
    .filter((person) => throughQuietHours || !isQuiet(person, at));
}

/** Returns true if an instant is in this person's quiet hours. */
export function isQuiet({ quiet }: RosterPerson, at: Instant): boolean {
  if (quiet === undefined) return false;
  const { from, to, zone } = quiet;
  const time = localAt(at, zone).toPlainTime().toString().slice(0, 5);
  return from < to ? from <= time && time < to : time >= from || time < to;
}

/** Returns true if a page for a case of this severity may be sent to people of the roster in their quiet hours. */
export function mayWake({ emergency = false, mayWake: who = "critical" }: RosterDocument, severity: Severity): boolean {
  if (emergency || typeof who === "boolean") return emergency || who === true;
  return severities.indexOf(severity) <= severities.indexOf(who);
}
