import type { Report } from "@crossline/contracts";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef } from "react";
import { Instant } from "../time/instant.tsx";
import { useWallMinute } from "../time/now.ts";
import { CaseLink } from "../ui/case-link.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { casesQuery } from "./queries.ts";
import { valueText } from "./values.ts";
import { columnText } from "./words.ts";

type CasesPanelProps = {
  readonly indicator: string;
  readonly unit: Report["unit"];
  readonly group: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly zone: string;
  readonly onClose: () => void;
};

/** Lists the cases behind one row of a report, the latest first, with links to the cases. */
export function CasesPanel({ indicator, unit, group, parameters, zone, onClose }: CasesPanelProps) {
  const id = useId();
  const now = useWallMinute();
  const heading = useRef<HTMLHeadingElement>(null);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery(
    casesQuery(indicator, parameters),
  );
  // The list opens far from the button, so the focus moves there.
  useEffect(() => heading.current?.focus(), []);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="panel" aria-labelledby={id} aria-busy={isFetching}>
      <header>
        <h2 id={id} ref={heading} tabIndex={-1}>
          Cases of {groupText(group)}
        </h2>
        <button type="button" className="quiet" onClick={onClose}>
          Close
        </button>
      </header>
      <ProblemNote fault={error} onRetry={refetch} />
      {data !== undefined && items.length === 0 && <p className="empty">No case is behind this value.</p>}
      <ol className="report-cases">
        {items.map((item) => (
          <li key={`${item.caseId} ${item.id} ${item.at}`} data-row={item.id}>
            <CaseLink id={item.caseId} />
            <span>
              <strong>{itemText(item.value, unit)}</strong> <Instant at={item.at} now={now} zone={zone} named />
            </span>
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

/** A counted thing of a share is in the share or not. A number of returns says nothing about one of them. */
function itemText(value: number | null, unit: Report["unit"]): string {
  if (unit === "share") return value === 1 ? "✓ in the share" : "✕ not in the share";
  return unit === "count" ? "" : valueText(value, unit);
}

function groupText(group: Readonly<Record<string, string>>): string {
  const parts = Object.entries(group).map(([name, value]) => `${columnText(name).toLowerCase()} ${value}`);
  return parts.length === 0 ? "this value" : parts.join(", ");
}
