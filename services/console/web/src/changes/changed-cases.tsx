import { useInfiniteQuery } from "@tanstack/react-query";
import { statusText } from "../case/words.ts";
import { CaseLink } from "../ui/case-link.tsx";
import { MoreButton } from "../ui/more-button.tsx";
import { Panel } from "../ui/panel.tsx";
import { useRowKeys } from "../ui/use-row-keys.ts";
import { changedCasesQuery } from "./queries.ts";

/** Lists the cases that are linked to a change, as far as the person may read them. */
export function ChangedCases({ id, count }: { readonly id: string; readonly count: number }) {
  const query = useInfiniteQuery(changedCasesQuery(id));
  const list = useRowKeys<HTMLUListElement>();
  return (
    <Panel title="Cases that it may have caused" query={query} aside={<span>{count}</span>}>
      {({ pages }) => (
        <>
          {count === 0 && <p className="empty">No case that you may read is linked to this change.</p>}
          <ul className="record-list" ref={list} tabIndex={-1}>
            {pages
              .flatMap(({ items }) => items)
              .map(({ caseId, title, carrierCaseId, carrier, symptom, status }) => (
                <li key={caseId} data-row={caseId}>
                  <CaseLink id={caseId} title={title} number={carrierCaseId} />{" "}
                  <span className="muted">
                    {carrier} · {statusText(status)}
                    {symptom !== undefined && ` · ${symptom}`}
                  </span>
                </li>
              ))}
          </ul>
          <MoreButton query={query}>Show more cases</MoreButton>
        </>
      )}
    </Panel>
  );
}
