import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { ProblemNote } from "./problem-note.tsx";

/** The state of a read, of one page or of several pages. */
type PanelQuery<T> = Pick<UseQueryResult<T>, "data" | "error" | "isPending"> & { readonly refetch: () => unknown };

type PanelProps<T> = {
  readonly title: string;
  readonly query: PanelQuery<T>;
  readonly children: (data: T) => ReactNode;
  readonly aside?: ReactNode;
};

/**
 * Shows one read of the API under a heading. If the read fails, only this panel shows the fault. Data of an earlier read stays, and the
 * panel marks it as old.
 */
export function Panel<T>({ title, query, children, aside }: PanelProps<T>) {
  const id = useId();
  const { data, error, refetch, isPending } = query;
  const isOld = error !== null && data !== undefined;
  return (
    <section className={isOld ? "panel old" : "panel"} aria-labelledby={id} aria-busy={isPending}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {error !== null && <ProblemNote fault={error} onRetry={refetch} />}
      {isOld && <p className="old-note">This is the last state that Crossline sent.</p>}
      {data !== undefined && children(data)}
    </section>
  );
}
