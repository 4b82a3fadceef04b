import type { Instant } from "@crossline/contracts";

/**
 * The values that the last changes of a state replaced, the oldest first; `at` is the time of the newest change in an entry.
 * Topics overtake each other: a service can read late that a vendor's part ended, and then gives back its state of that moment.
 */
export type EarlierValues<Was> = readonly { readonly at: Instant; readonly was: Was }[];

/** Joins two neighbours to one that takes back the changes of both. */
export type JoinValues<Was> = (older: Was, newer: Was) => Was;

/** With one more change. Beyond `max` the two oldest become one, so that too early a state can be given back, never too late a one. */
export function addEarlier<Was>(
  earlier: EarlierValues<Was>,
  change: EarlierValues<Was>[number],
  max: number,
  join: JoinValues<Was>,
): EarlierValues<Was> {
  const all = [...earlier, change];
  const [oldest, second, ...rest] = all;
  if (all.length <= max || oldest === undefined || second === undefined) return all;
  return [{ at: Math.max(oldest.at, second.at), was: join(oldest.was, second.was) }, ...rest];
}

/** Without the changes that no later question needs: all questions from here on are about `since` or later. */
export function dropEarlier<Was>(earlier: EarlierValues<Was>, since: Instant): EarlierValues<Was> {
  const first = earlier.findIndex(({ at }) => at > since);
  return first === -1 ? [] : earlier.slice(first);
}

/** Takes back every change that came after `at`; undefined where none did. */
export function valuesAt<Was>(earlier: EarlierValues<Was>, at: Instant, join: JoinValues<Was>): Was | undefined {
  const since = dropEarlier(earlier, at).map(({ was }) => was);
  return since.length === 0 ? undefined : since.reduceRight((newer, older) => join(older, newer));
}

/** The fields that a change replaced, as they were; `lacked` names those that were not there. */
export type Delta<State> = { readonly was: Partial<State>; readonly lacked?: readonly string[] };

/** Leads from a state back to the one before it. */
export function deltaOf<State extends object>(before: State, after: State): Delta<State> {
  const names = Object.keys({ ...before, ...after }) as (keyof State & string)[];
  const changed = names.filter((name) => before[name] !== after[name]);
  const lacked = changed.filter((name) => before[name] === undefined);
  const kept = changed.filter((name) => before[name] !== undefined).map((name) => [name, before[name]] as const);
  return { was: Object.fromEntries(kept) as Partial<State>, ...(lacked.length > 0 && { lacked }) };
}

/** One delta instead of the newer one and then the older one. */
export function joinDeltas<State extends object>(older: Delta<State>, newer: Delta<State>): Delta<State> {
  const lacked = new Set([...(newer.lacked ?? []).filter((name) => !(name in older.was)), ...(older.lacked ?? [])]);
  const was = Object.entries({ ...newer.was, ...older.was }).filter(([name]) => !lacked.has(name));
  return { was: Object.fromEntries(was) as Partial<State>, ...(lacked.size > 0 && { lacked: [...lacked] }) };
}

/** A state with a delta taken back. */
export function restore<State extends object>(state: State, { was, lacked = [] }: Delta<State>): State {
  const kept = Object.entries({ ...state, ...was }).filter(([name]) => !lacked.includes(name));
  return Object.fromEntries(kept) as State;
}
