import {
  type Instant,
  type ProblemField,
  type PublishedRoster,
  type Refusal,
  formatInstant,
  refusal,
} from "@crossline/contracts";
import {
  type RosterLintResult,
  type RosterAddition,
  immediateChangeWarnings,
  lintRoster,
  recountWarnings,
  unreachablePeople,
  withAddition,
} from "@crossline/domain";
import { type IdempotentOutcome, withIdempotency } from "@crossline/idempotency";
import { type Database, type Tx, now } from "@crossline/postgres";
import { findDialling } from "../store/dialling.ts";
import { type RosterRow, countRosters, findRoster, insertRoster, lockRosters } from "../store/rosters.ts";
import type { CommandRequest } from "./change-case.ts";

const rostersMax = 100;
const versionsMax = 10_000;

export const noSuchRoster: Refusal = refusal("not_found", "There is no such roster, or you cannot read it.");

/**
 * A submitted roster and its party. If `name` is present, the document is a new version of that roster; otherwise the document is
 * a new roster.
 */
export type RosterPublication = { readonly party: string; readonly name?: string; readonly written: unknown };

/** Publishes a roster if lint finds no error. Routing uses the new version from the next page on. */
export function publishRoster(
  database: Database,
  commandRequest: CommandRequest,
  { party, name, written: submitted }: RosterPublication,
): Promise<IdempotentOutcome<PublishedRoster>> {
  return withIdempotency<PublishedRoster>(database, commandRequest, async (tx) => {
    const at = await now(tx);
    const linted = lintRosterVersion(submitted, name, at);
    if (!linted.ok) return refuseRosterFaults(linted.faults);
    const { document, warnings } = linted;
    await lockRosters(tx, party);
    const { rosters, versions } = await countRosters(tx, party, document.roster);
    if (name === undefined && versions > 0) {
      const detail = `There is a roster ${document.roster}; publish a new version of it at /v1/rosters/${document.roster}/versions.`;
      return refusal("already_exists", detail, { facts: { newest: versions } });
    }
    if (name !== undefined && versions === 0) return noSuchRoster;
    if (versions === 0 && rosters >= rostersMax)
      return refusal("limit_reached", `A party can have at most ${rostersMax} rosters.`);
    const newest = versions === 0 ? undefined : await findRoster(tx, party, document.roster);
    const all =
      newest === undefined ? warnings : [...immediateChangeWarnings(newest.document, document, at), ...warnings];
    const row = { party, name: document.roster, version: versions + 1, document, createdAt: at, counted: true };
    return insertVersion(tx, row, all);
  });
}

/** Adds an override or a swap to the newest version of a roster, and publishes the result as a new version. */
export function addToRoster(
  database: Database,
  commandRequest: CommandRequest,
  { party, name }: { readonly party: string; readonly name: string },
  addition: RosterAddition,
): Promise<IdempotentOutcome<PublishedRoster>> {
  return withIdempotency<PublishedRoster>(database, commandRequest, async (tx) => {
    await lockRosters(tx, party);
    const newest = await findRoster(tx, party, name);
    if (newest === undefined) return noSuchRoster;
    const at = await now(tx);
    const linted = lintRoster(withAddition(newest.document, addition, at), at);
    if (!linted.ok) return refuseRosterFaults(linted.faults);
    // An override or a swap does not confirm the turns that it leaves unchanged, so the warning about these turns stays.
    const row = { ...newest, version: newest.version + 1, document: linted.document, createdAt: at };
    return insertVersion(tx, row, [...recountWarningsOf(row, at), ...linted.warnings]);
  });
}

/** Lints a submitted roster. If `name` is present, the document must have that name. */
export function lintRosterVersion(submitted: unknown, name: string | undefined, at: Instant): RosterLintResult {
  const linted = lintRoster(submitted, at);
  if (!linted.ok || name === undefined || linted.document.roster === name) return linted;
  return { ok: false, faults: [{ at: "/roster", message: `must be ${name}, the name in the address` }] };
}

async function insertVersion(tx: Tx, row: RosterRow, warnings: readonly ProblemField[]) {
  if (row.version > versionsMax) return refusal("limit_reached", `A roster can have at most ${versionsMax} versions.`);
  await insertRoster(tx, row);
  return {
    status: 201 as const,
    body: presentRoster(row, [...warnings, ...unreachablePeople(row.document, await findDialling(tx))]),
  };
}

/** Returns the warnings for a version that was published under the old rule, which counted every day as a turn. */
export function recountWarningsOf({ counted, document }: RosterRow, at: Instant): readonly ProblemField[] {
  return counted ? [] : [...recountWarnings(document, at)];
}

export function presentRoster(
  { party, name, version, document, createdAt }: RosterRow,
  warnings: readonly ProblemField[] = [],
): PublishedRoster {
  const published = { roster: { party, name, version }, document, createdAt: formatInstant(createdAt) };
  return warnings.length === 0 ? published : { ...published, warnings: [...warnings] };
}

export function refuseRosterFaults(faults: readonly ProblemField[]): Refusal {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  const place = first === undefined || first.at === "" ? "The roster" : first.at;
  return refusal("roster_does_not_lint", `${place} ${first?.message}${more}.`, { fields: faults });
}
