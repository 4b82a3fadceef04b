import { useEffect, useRef, useState } from "react";

/** The row that the keys move, by its id. */
export type ActiveRow = {
  readonly id: string | undefined;
  readonly set: (id: string) => void;
  /** Moves by a number of rows, to the first row or to the last row. */
  readonly move: (step: number | "first" | "last") => string | undefined;
};

/** Keeps the active row of a list. If the row leaves, the row that takes its index becomes active. */
export function useActive(shown: readonly string[]): ActiveRow {
  const [id, set] = useState<string>();
  const lastIndex = useRef(0);
  const index = id === undefined ? -1 : shown.indexOf(id);
  useEffect(() => {
    if (index >= 0) lastIndex.current = index;
    else if (id !== undefined && shown.length > 0) set(shown[Math.min(lastIndex.current, shown.length - 1)] ?? id);
  }, [id, index, shown]);
  const move: ActiveRow["move"] = (step) => {
    const wanted = step === "first" ? 0 : step === "last" ? shown.length - 1 : index < 0 ? 0 : index + step;
    const next = shown[Math.max(0, Math.min(wanted, shown.length - 1))];
    if (next !== undefined) set(next);
    return next;
  };
  return { id, set, move };
}
