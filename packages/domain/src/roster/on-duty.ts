import {
  type Instant,
  type RosterDocument,
  type RosterOverride,
  type RosterPerson,
  type RotationLayer,
  type Severity,
  parseInstant,
} from "@crossline/contracts";
import { layerName } from "./layers.ts";
import { localAt } from "./local-time.ts";
import { turnOf } from "./turns.ts";

const severities: readonly Severity[] = ["critical", "major", "minor"];

/**
 * The people on duty at an instant, each once, in the order of the layers: an override stands in for one layer or for all
 * of them, a swap exchanges two. Those in their quiet hours are left out, unless the page goes through them.
 */
export function onDuty(roster: RosterDocument, at: Instant, throughQuietHours: boolean): readonly RosterPerson[] {
  return everybodyOnDuty(roster, at).filter((person) => throughQuietHours || !isQuiet(person, at));
}

function everybodyOnDuty(roster: RosterDocument, at: Instant): readonly RosterPerson[] {
  const running = roster.overrides?.filter((one) => isWithin(one, at)) ?? [];
  const ofAll = running.find(({ layer }) => layer === undefined);
  const ids =
    ofAll === undefined
      ? roster.rotation.map((layer, index) =>
          onDutyIn(
            roster,
            layer,
            running.find((one) => one.layer === layerName(layer, index)),
            at,
          ),
        )
      : [ofAll.person];
  return [...new Set(ids)].flatMap((id) => roster.people.find((person) => person.id === id) ?? []);
}

/** A layer's person at an instant: who stands in there, else whose turn it is, unless two have swapped. */
function onDutyIn(
  roster: RosterDocument,
  layer: RotationLayer,
  override: RosterOverride | undefined,
  at: Instant,
): string | null | undefined {
  if (override !== undefined) return override.person;
  const turn = turnOf(layer, at);
  return turn === undefined ? undefined : swapped(roster, turn, at);
}

/** Whether this person is not to be woken at an instant. */
export function isQuiet({ quiet }: RosterPerson, at: Instant): boolean {
  if (quiet === undefined) return false;
  const { from, to, zone } = quiet;
  const time = localAt(at, zone).toPlainTime().toString().slice(0, 5);
  return from < to ? from <= time && time < to : time >= from || time < to;
}

/** Whether a page for a case of this severity goes through the quiet hours of a roster's people. */
export function mayWake({ emergency = false, mayWake: who = "critical" }: RosterDocument, severity: Severity): boolean {
  if (emergency || typeof who === "boolean") return emergency || who === true;
  return severities.indexOf(severity) <= severities.indexOf(who);
}

function swapped({ swaps = [] }: RosterDocument, id: string, at: Instant): string {
  const swap = swaps.find((one) => one.between.includes(id) && isWithin(one, at));
  return swap?.between.find((other) => other !== id) ?? id;
}

function isWithin({ from, to }: { readonly from: string; readonly to: string }, at: Instant): boolean {
  return parseInstant(from) <= at && at < parseInstant(to);
}
