import type { ClockDecision } from "../shells.ts";
import { type CaseClocks, elapse } from "@crossline/domain";
import { lineOf } from "../lines.ts";
import type { CaseSnapshot } from "./case-snapshot.ts";
import { must } from "./violation.ts";

const invariant = "the brief names the possible causes of a case";
const causes: ReadonlySet<string> = new Set(["change.linked", "change.unlinked", "known-error.matched"]);

/** Checks that a link to a change or a known error by a program changes no clock. A link by a person is an act of that person. */
export function checkClocksOfCauses({ before, event, after }: ClockDecision): void {
  if (!causes.has(event.type) || !event.data.actor.automated) return;
  const { clocks } = elapse(before, lineOf(before.line), event.time, event.time).state;
  const [was, is] = [describe(clocks), describe(after.clocks)];
  must(invariant, was === is, () => `${event.key}: ${event.type} changes the clocks from ${was} to ${is}`);
}

/** Checks that routing's material names the linked changes and the workarounds that intake has at the end. */
export function checkCauses({ id, case: opened, crossing: { material } }: CaseSnapshot): void {
  const { linkedChanges = [], knownErrors = [] } = opened;
  const linked = linkedChanges.filter(({ removed }) => removed !== true).map(({ changeId }) => changeId);
  const shown = (material.linkedChanges ?? []).map(({ changeId }) => changeId);
  must(
    invariant,
    isSame(linked, shown),
    () => `${id} is linked to ${linked.join(", ")}, and its brief names ${shown.join(", ")}`,
  );
  const known = knownErrors.map(({ problemId, workaround }) => `${problemId}: ${workaround}`);
  const offered = (material.workarounds ?? []).map(({ problemId, workaround }) => `${problemId}: ${workaround}`);
  must(
    invariant,
    isSame(known, offered),
    () => `${id} has the workarounds ${known.join(", ")}, and its brief has ${offered.join(", ")}`,
  );
}

/** Describes clocks by their deadlines, without the instants of their firings, which depend on the delay of the timer. */
function describe(clocks: CaseClocks["clocks"]): string {
  return JSON.stringify(
    clocks.map(({ name, start, charged, targetMs, counted }) => [name, start, charged, targetMs, counted]),
  );
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted());
}
