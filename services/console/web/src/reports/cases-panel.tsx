import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { CaseLink } from "../ui/case-link.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";

type CasesPanelProps<Item> = {
  readonly title: string;
  readonly query: UseInfiniteQueryResult<InfiniteData<{ readonly items: readonly Item[] }>>;
  /** Returns false for a case that the API lists, and that is not behind the row. */
  readonly isIn?: (item: Item) => boolean;
  readonly keyOf: (item: Item) => string;
  /** Shows the facts of one case beside its link. */
  readonly children: (item: Item) => ReactNode;
  readonly onClose: () => void;
};

/** Lists the cases behind one row of a report, the latest first, with links to the cases. */
export function CasesPanel<Item extends { readonly caseId: string }>({
  title,
  query,
  isIn = () => true,
  keyOf,
  children,
  onClose,
}: CasesPanelProps<Item>) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching } = query;
  // The list opens far from the button, so the focus moves there.
  useEffect(() => heading.current?.focus(), []);
  const items = data?.pages.flatMap((page) => page.items).filter(isIn) ?? [];
  return (
    <section className="panel" aria-labelledby={id} aria-busy={isFetching}>
      <header>
        <h2 id={id} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" className="quiet" onClick={onClose}>
          Close
        </button>
      </header>
      <ProblemNote fault={error} onRetry={refetch} />
      {data !== undefined && items.length === 0 && !hasNextPage && (
        <p className="empty">No case is behind this value.</p>
      )}
      <ol className="report-cases">
        {items.map((item) => (
          <li key={keyOf(item)} data-row={keyOf(item)}>
            <CaseLink id={item.caseId} />
            <span>{children(item)}</span>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <button type="button" onClick={() => void fetchNextPage()}>
          Show more cases
        </button>
      )}
    </section>
  );
}
