import type { Instant } from "@crossline/contracts";

/**
 * The values that the last changes of a state replaced, from the oldest to the newest. `at` is the time of the newest change in
 * an element. A service may read the record that ends a vendor's role only after newer records of other topics. From these values, the service
 * then restores its state as of the end of the role.
 */
export type EarlierValues<Was> = readonly { readonly at: Instant; readonly was: Was }[];

/** Joins two adjacent elements into one element that reverts both changes. */
export type JoinValues<Was> = (older: Was, newer: Was) => Was;

/**
 * Returns the list with the new change at its end. If the list has more than `max` elements, the two oldest become one, so a
 * restored state can be too early but never too late.
 */
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

/** Returns the list without changes before `since`, for a caller that needs only states at `since` or later. */
export function dropEarlier<Was>(earlier: EarlierValues<Was>, since: Instant): EarlierValues<Was> {
  const first = earlier.findIndex(({ at }) => at > since);
  return first === -1 ? [] : earlier.slice(first);
}

/** Returns the values that revert every change after `at`; undefined if no change is later. */
export function valuesAt<Was>(earlier: EarlierValues<Was>, at: Instant, join: JoinValues<Was>): Was | undefined {
  const since = dropEarlier(earlier, at).map(({ was }) => was);
  return since.length === 0 ? undefined : since.reduceRight((newer, older) => join(older, newer));
}

/** The former values of the fields that a change replaced. `lacked` names the fields that were absent before the change. */
export type Delta<State> = { readonly was: Partial<State>; readonly lacked?: readonly string[] };

/** Returns the delta that restores the previous state from the present state. */
export function deltaOf<State extends object>(before: State, after: State): Delta<State> {
  const names = Object.keys({ ...before, ...after }) as (keyof State & string)[];
  const changed = names.filter((name) => before[name] !== after[name]);
  const lacked = changed.filter((name) => before[name] === undefined);
  const replaced = changed.filter((name) => before[name] !== undefined).map((name) => [name, before[name]] as const);
  return { was: Object.fromEntries(replaced) as Partial<State>, ...(lacked.length > 0 && { lacked }) };
}

/** Joins two deltas into one delta, which applies the newer delta first and then the older delta. */
export function joinDeltas<State extends object>(older: Delta<State>, newer: Delta<State>): Delta<State> {
  const lacked = new Set([...(newer.lacked ?? []).filter((name) => !(name in older.was)), ...(older.lacked ?? [])]);
  const was = Object.entries({ ...newer.was, ...older.was }).filter(([name]) => !lacked.has(name));
  return { was: Object.fromEntries(was) as Partial<State>, ...(lacked.size > 0 && { lacked: [...lacked] }) };
}

/** Returns the state that a delta restores from a later state. */
export function restore<State extends object>(state: State, { was, lacked = [] }: Delta<State>): State {
  const remaining = Object.entries({ ...state, ...was }).filter(([name]) => !lacked.includes(name));
  return Object.fromEntries(remaining) as State;
}
