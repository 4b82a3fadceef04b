import { useState } from "react";

/** One row as a list shows it. `isGone`: the row has left the list, and is still there because the pointer is over the list. */
export type SteadyRow<Row> = { readonly row: Row; readonly isGone: boolean };

type SteadyRows<Row> = {
  readonly shown: readonly SteadyRow<Row>[];
  /** The number of rows that wait until the pointer leaves the list. */
  readonly waiting: number;
};

/** Keeps the places of rows while `isHeld`, so that no row moves under the pointer. The content of a row is always the newest. */
export function useSteadyRows<Row extends { readonly id: string }>(
  rows: readonly Row[],
  isHeld: boolean,
): SteadyRows<Row> {
  const [kept, setKept] = useState(rows);
  if (!isHeld && !areSame(kept, rows)) setKept(rows);
  const present = new Map(rows.map((row) => [row.id, row]));
  const places = isHeld ? kept : rows;
  const shownIds = new Set(places.map(({ id }) => id));
  return {
    shown: places.map((row) => ({ row: present.get(row.id) ?? row, isGone: !present.has(row.id) })),
    waiting: rows.filter(({ id }) => !shownIds.has(id)).length,
  };
}

function areSame<Row>(one: readonly Row[], other: readonly Row[]): boolean {
  return one.length === other.length && one.every((row, place) => row === other[place]);
}
