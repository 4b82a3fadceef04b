import { type LineDocument, type ProblemField, isImportName, partyOf, refusal } from "@crossline/contracts";
import { type NamedQueues, faultOfQueue, lintLineDocument, nearestName, warningOfQueue } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { pollUntilFound } from "@crossline/service";
import { unknownParties } from "../store/parties.ts";
import { listPools } from "../store/pools.ts";
import { newestVersions } from "../store/rosters.ts";
import { findNamedQueues } from "./find-named-queues.ts";
import { type PinResult, pinCalendars } from "./pin-calendars.ts";

/** No line may have this name, since `/v1/lines/default` is the address of the default line. */
const reservedName = "default";
/** The maximum number of pools of a party. */
const poolsMax = 100;

export type LineCheck =
  | {
      readonly ok: true;
      readonly document: LineDocument;
      readonly calendars: PinResult["calendars"];
      readonly warnings: readonly ProblemField[];
    }
  | { readonly ok: false; readonly faults: readonly ProblemField[] };

/**
 * The carrier of the line, and the line's name in the address of the request. `carrier` or `name` is absent if the request does
 * not name one.
 */
export type LineTarget = { readonly carrier?: string | undefined; readonly name?: string | undefined };

/** Lints a submitted line and checks its name. Every vendor, queue, roster and calendar that the line names must exist. */
export async function checkLine(
  database: Database,
  submitted: unknown,
  { carrier, name }: LineTarget = {},
): Promise<LineCheck> {
  const linted = lintLineDocument(submitted);
  if (!linted.ok) return linted;
  const { document } = linted;
  const pinned = await pinCalendars(database, document, carrier);
  const queues = await checkQueues(database, document, carrier);
  const faults = [
    ...nameFaults(document, name),
    ...importLineFaults(document),
    ...pinned.faults,
    ...(await vendorFaults(database, document, carrier)),
    ...queues.faults,
    ...(await rosterFaults(database, document)),
    ...(await poolFaults(database, document, carrier)),
  ];
  if (faults.length > 0) return { ok: false, faults };
  return { ...linted, calendars: pinned.calendars, warnings: [...queues.warnings, ...skillWarnings(document)] };
}

function nameFaults({ line }: LineDocument, name: string | undefined): ProblemField[] {
  if (line === reservedName)
    return [{ at: "/line", message: `${reservedName} is reserved; give the line another name` }];
  if (name !== undefined && line !== name)
    return [{ at: "/line", message: `must be ${name}, the name in the address` }];
  return [];
}

/**
 * Refuses an import's own line if the line could select cases on the wall timeline, since routing deletes the line together
 * with its import.
 */
function importLineFaults({ line, mode, match }: LineDocument): ProblemField[] {
  if (!isImportName(line)) return [];
  const faults: ProblemField[] = [];
  if (mode !== "observe")
    faults.push({ at: "/mode", message: "must be observe: a line of this name belongs to an import" });
  if (match !== undefined)
    faults.push({ at: "/match", message: "must be absent: a line of this name belongs to an import" });
  return faults;
}

/** Refuses unknown vendors after a short wait, since routing may not have read a new party yet. */
async function vendorFaults(
  database: Database,
  { crossing }: LineDocument,
  party = "operator",
): Promise<ProblemField[]> {
  const named = queuesOf(crossing);
  const vendors = [...new Set(named.map(({ queue }) => partyOf(queue)))];
  if (vendors.length === 0) return [];
  let unknown: ReadonlySet<string> = new Set();
  await pollUntilFound(party, async () => {
    unknown = new Set(await unknownParties(database, "vendor", vendors));
    return unknown.size === 0 ? true : undefined;
  });
  return named
    .filter(({ queue }) => unknown.has(partyOf(queue)))
    .map(({ at, queue }) => ({
      at,
      message: `no vendor named ${partyOf(queue)} is registered; correct the name, or ask the operator to register the vendor`,
    }));
}

/**
 * Refuses queues that the vendor has not opened to the carrier, since no desk would read the carrier's cases in such a queue.
 */
async function checkQueues(
  database: Database,
  { crossing }: LineDocument,
  carrier: string | undefined,
): Promise<{ readonly faults: ProblemField[]; readonly warnings: ProblemField[] }> {
  const named = queuesOf(crossing);
  const sender = { carrier };
  const queuesNamed = await findNamedQueues(
    database,
    named.map(({ queue }) => queue),
    sender,
  );
  const problemFields = (messageFor: (queues: NamedQueues, queue: string) => string | undefined) =>
    named.flatMap(({ at, queue }) => {
      const message = messageFor(queuesNamed(queue), queue);
      return message === undefined ? [] : [{ at, message }];
    });
  return {
    faults: problemFields((queues, queue) => faultOfQueue(queues, queue, sender)?.message),
    warnings: problemFields(warningOfQueue),
  };
}

function queuesOf(crossing: LineDocument["crossing"]): { readonly at: string; readonly queue: string }[] {
  return crossing.flatMap(({ to }, index) =>
    to.startsWith("queue:") ? [{ at: `/crossing/${index}/to`, queue: to.slice("queue:".length) }] : [],
  );
}

/**
 * Refuses rosters that are not published. A line may name the roster of any party; the refusal shows the author of the line
 * only whether the roster exists.
 */
async function rosterFaults(
  database: Database,
  { crossing, lastResort, needBy }: LineDocument,
): Promise<ProblemField[]> {
  const named = [
    ...crossing.map(({ to }, index) => ({ at: `/crossing/${index}/to`, to })),
    ...lastResort.map((to, index) => ({ at: `/lastResort/${index}`, to })),
    ...(needBy?.emergency === undefined ? [] : [{ at: "/needBy/emergency", to: needBy.emergency }]),
  ]
    .filter(({ to }) => to.startsWith("roster:"))
    .map(({ at, to }) => ({ at, roster: to.slice("roster:".length) }));
  if (named.length === 0) return [];
  const versions = await newestVersions(
    database,
    named.map(({ roster }) => roster),
  );
  const published = new Set(versions.map(({ roster }) => roster));
  return named
    .filter(({ roster }) => !published.has(roster))
    .map(({ at, roster }) => ({
      at,
      message: `no roster named ${roster} is published; correct the name, or ask the roster's owner to publish it at /v1/rosters`,
    }));
}

/** Refuses pools that the carrier has not defined. Without a carrier in the request, the function checks no pool. */
async function poolFaults(
  database: Database,
  { crossing }: LineDocument,
  carrier: string | undefined,
): Promise<ProblemField[]> {
  const named = crossing.flatMap(({ to }, index) =>
    to.startsWith("pool:") ? [{ at: `/crossing/${index}/to`, pool: to.slice("pool:".length) }] : [],
  );
  if (named.length === 0 || carrier === undefined) return [];
  const own = (await listPools(database, carrier, "", poolsMax)).map(({ name }) => name);
  return named
    .filter(({ pool }) => !own.includes(pool))
    .map(({ at, pool }) => {
      const nearest = nearestName(pool, own);
      const hint = nearest === undefined ? "create it at /v1/pools" : `the nearest name is ${nearest}`;
      return { at, message: `${carrier} has no pool named ${pool}; ${hint}` };
    });
}

/** Warns about a trigger `skill.missing` under a line that can send the case to no other person. */
function skillWarnings({ triggers = [], crossing }: LineDocument): ProblemField[] {
  if (crossing.some(({ to }) => !to.startsWith("roster:"))) return [];
  return triggers.flatMap(({ on }, index) =>
    on === "skill.missing"
      ? [{ at: `/triggers/${index}`, message: "the line has neither a pool nor a queue to which the case could go" }]
      : [],
  );
}

/** Returns the refusal of a line with errors. The refusal's detail is the first error. */
export function refuseLineFaults(faults: readonly ProblemField[]) {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : "";
  return refusal("line_does_not_lint", `${first?.at === "" ? "The line" : first?.at} ${first?.message}${more}.`, {
    fields: faults,
  });
}
