import {
  type ProblemField,
  type PublishedRoster,
  type Refusal,
  type RosterDocument,
  formatInstant,
  parseInstant,
  refusal,
} from "@crossline/contracts";
import { type LintedRoster, lintRoster } from "@crossline/domain";
import { type Outcome, withIdempotency } from "@crossline/idempotency";
import { type Database, type Tx, now } from "@crossline/postgres";
import { type RosterRow, countRosters, findRoster, insertRoster, lockRosters } from "../store/rosters.ts";
import type { Asked } from "./change-case.ts";

const rostersMax = 100;
const versionsMax = 10_000;
const rememberedMs = 90 * 86_400_000;

export const noSuchRoster: Refusal = refusal("not_found", "There is no such roster, or it is not yours to see.");

/** Whose roster, as what (a new one, or a new version of the one named), and as it was written. */
export type RosterPublication = { readonly party: string; readonly name?: string; readonly written: unknown };

/** Publishes a roster that lints; pages go by it from now on. */
export function publishRoster(
  database: Database,
  asked: Asked,
  { party, name, written }: RosterPublication,
): Promise<Outcome<PublishedRoster>> {
  return withIdempotency<PublishedRoster>(database, asked, async (tx) => {
    const linted = lintRoster(written);
    if (!linted.ok) return refuseFaults(linted.faults);
    const { document } = linted;
    if (name !== undefined && document.roster !== name)
      return refuseFaults([{ at: "/roster", message: `must be ${name}, as the address says` }]);
    await lockRosters(tx, party);
    const { rosters, versions } = await countRosters(tx, party, document.roster);
    if (name === undefined && versions > 0) {
      const detail = `There is a roster ${document.roster}; publish a new version of it at /v1/rosters/${document.roster}/versions.`;
      return refusal("already_exists", detail, { facts: { newest: versions } });
    }
    if (name !== undefined && versions === 0) return noSuchRoster;
    if (versions === 0 && rosters >= rostersMax)
      return refusal("limit_reached", `A party has ${rostersMax} rosters at most.`);
    return insertVersion(tx, party, linted, versions + 1);
  });
}

type SoundRoster = Extract<LintedRoster, { ok: true }>;

/** What is added to a roster: somebody stands in for a while, or two swap. */
export type RosterAddition = Pick<RosterDocument, "overrides"> | Pick<RosterDocument, "swaps">;

/** Adds an override or a swap to the newest version of a roster: that makes a new version. What ended long ago is left out of it. */
export function addToRoster(
  database: Database,
  asked: Asked,
  { party, name }: { readonly party: string; readonly name: string },
  addition: RosterAddition,
): Promise<Outcome<PublishedRoster>> {
  return withIdempotency<PublishedRoster>(database, asked, async (tx) => {
    await lockRosters(tx, party);
    const newest = await findRoster(tx, party, name);
    if (newest === undefined) return noSuchRoster;
    const since = (await now(tx)) - rememberedMs;
    const { overrides = [], swaps = [] } = newest.document;
    const recent = ({ to }: { readonly to: string }): boolean => parseInstant(to) >= since;
    const added = { overrides: [], swaps: [], ...addition };
    const linted = lintRoster({
      ...newest.document,
      overrides: [...overrides.filter(recent), ...(added.overrides ?? [])],
      swaps: [...swaps.filter(recent), ...(added.swaps ?? [])],
    });
    if (!linted.ok) return refuseFaults(linted.faults);
    return insertVersion(tx, party, linted, newest.version + 1);
  });
}

async function insertVersion(tx: Tx, party: string, { document, warnings }: SoundRoster, version: number) {
  if (version > versionsMax) return refusal("limit_reached", `A roster has ${versionsMax} versions at most.`);
  const row: RosterRow = { party, name: document.roster, version, document, createdAt: await now(tx) };
  await insertRoster(tx, row);
  return {
    status: 201 as const,
    body: { ...presentRoster(row), ...(warnings.length > 0 && { warnings: [...warnings] }) },
  };
}

export function presentRoster({ party, name, version, document, createdAt }: RosterRow): PublishedRoster {
  return { roster: { party, name, version }, document, createdAt: formatInstant(createdAt) };
}

function refuseFaults(faults: readonly ProblemField[]): Refusal {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  const place = first === undefined || first.at === "" ? "The roster" : first.at;
  return refusal("roster_does_not_lint", `${place} ${first?.message}${more}.`, { fields: faults });
}
