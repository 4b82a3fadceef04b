import "./reports.css";
import type { Me } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMe } from "../session/session.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { useRowKeys } from "../ui/use-row-keys.ts";
import { IndicatorReport } from "./indicator-report.tsx";
import { CodesReport, KeptPromisesReport } from "./other-reports.tsx";
import { Outcomes } from "./outcomes.tsx";
import { type Indicator, indicatorsQuery } from "./queries.ts";
import { type ReportSearch, reportSearch } from "./search.ts";
import { TrainingDebt } from "./training-debt.tsx";

/** Shows the reports of a company. Everything that a person chooses is in the address. */
export function ReportsScreen() {
  const me = useMe();
  const search = reportSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(indicatorsQuery);
  const rows = useRowKeys<HTMLDivElement>();
  const onChange = (next: ReportSearch): void => void navigate({ to: "/app/reports", search: next });
  if (data === undefined) {
    return (
      <>
        <h1>Reports</h1>
        {error === null ? <p aria-busy="true">Loading</p> : <ProblemNote fault={error} onRetry={refetch} />}
      </>
    );
  }
  const { report = data.items[0]?.indicator } = search;
  const indicator = data.items.find((one) => one.indicator === report);
  return (
    <div ref={rows} tabIndex={-1}>
      <h1>Reports</h1>
      <ReportNames indicators={data.items} kind={me.kind} report={report} search={search} />
      {indicator === undefined ? (
        <OtherReport report={report} search={search} onChange={onChange} />
      ) : (
        <IndicatorReport key={indicator.indicator} indicator={indicator} search={search} onChange={onChange} />
      )}
    </div>
  );
}

const otherReports = [
  { name: "training-debt", title: "Training debt" },
  { name: "outcomes", title: "Outcomes of models" },
  { name: "promises", title: "Promises by company" },
  { name: "codes", title: "Codes of hand-offs" },
] as const;

type ReportNamesProps = {
  readonly indicators: readonly Indicator[];
  readonly kind: Me["kind"];
  readonly report: string | undefined;
  readonly search: ReportSearch;
};

/** Lists the reports that the company can read. The time and the filters stay if another indicator has them too. */
function ReportNames({ indicators, kind, report, search }: ReportNamesProps) {
  const names = [
    ...indicators.map(({ indicator, title }) => ({ name: indicator as string, title })),
    // Only a carrier reads its training debt, the outcomes of its models and the codes of several vendors.
    ...otherReports.filter(({ name }) => kind === "carrier" || name === "promises"),
  ];
  const { of: _, ...kept } = search;
  return (
    <nav aria-label="Reports" className="report-names">
      <ul>
        {names.map(({ name, title }) => (
          <li key={name}>
            <Link
              to="/app/reports"
              search={{ ...kept, report: name }}
              aria-current={name === report ? "page" : undefined}
              activeProps={{}}
            >
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

type OtherReportProps = {
  readonly report: string | undefined;
  readonly search: ReportSearch;
  readonly onChange: (search: ReportSearch) => void;
};

function OtherReport({ report, search, onChange }: OtherReportProps) {
  switch (report) {
    case "training-debt":
      return <TrainingDebt search={search} onChange={onChange} />;
    case "outcomes":
      return <Outcomes search={search} onChange={onChange} />;
    case "promises":
      return <KeptPromisesReport timeline={search.timeline} />;
    case "codes":
      return <CodesReport timeline={search.timeline} />;
    default:
      return <p className="empty">Your company has no report of this name.</p>;
  }
}
