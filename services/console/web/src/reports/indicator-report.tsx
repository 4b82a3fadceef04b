import { useQuery } from "@tanstack/react-query";
import { Panel } from "../ui/panel.tsx";
import { AsOf } from "./as-of.tsx";
import { BeforeAfterPanel } from "./before-after.tsx";
import { IndicatorCases } from "./indicator-cases.tsx";
import { casesParameters, reportParameters, zoneOf } from "./parameters.ts";
import { type Indicator, reportPath, reportQuery } from "./queries.ts";
import { ReportTable } from "./report-table.tsx";
import type { ReportSearch } from "./search.ts";
import { SelectionForm } from "./selection-form.tsx";

type IndicatorReportProps = {
  readonly indicator: Indicator;
  readonly search: ReportSearch;
  readonly onChange: (search: ReportSearch) => void;
};

/** Shows one indicator: its definition, the choices, the table, the cases behind a row, and a comparison. */
export function IndicatorReport({ indicator, search, onChange }: IndicatorReportProps) {
  const { indicator: name, title, definition, dimensions, unit } = indicator;
  const parameters = reportParameters(search, dimensions);
  const query = useQuery(reportQuery(name, parameters));
  const { of, ...withoutCases } = search;
  return (
    <>
      <p className="definition">{definition}</p>
      <SelectionForm search={search} possible={dimensions} onChange={onChange} />
      <Panel title={title} query={query} aside={<Download path={reportPath(name, { ...parameters, format: "csv" })} />}>
        {(report) => (
          <>
            <AsOf asOf={report.asOf} />
            <ReportTable report={report} chosen={of} onCases={(group) => onChange({ ...search, of: group })} />
          </>
        )}
      </Panel>
      {of !== undefined && (
        <IndicatorCases
          key={JSON.stringify(of)}
          indicator={name}
          unit={unit}
          group={of}
          parameters={casesParameters(search, dimensions, of)}
          zone={zoneOf(search)}
          onClose={() => onChange(withoutCases)}
        />
      )}
      {unit !== "count" && <Comparison indicator={indicator} search={search} onChange={onChange} />}
    </>
  );
}

/** The download has the session's cookie, like every request of the screen. */
function Download({ path }: { readonly path: string }) {
  return (
    <a href={path} download>
      Download as CSV
    </a>
  );
}

function Comparison({ indicator, search, onChange }: IndicatorReportProps) {
  const { date, ...withoutDate } = search;
  const submit = (event: React.SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const chosen = new FormData(event.currentTarget).get("date") as string;
    onChange(chosen === "" ? withoutDate : { ...search, date: chosen });
  };
  return (
    <>
      <form key={date} className="report-compare" onSubmit={submit}>
        <label>
          Compare before and after the day <input type="date" name="date" defaultValue={date} />
        </label>
        <button type="submit">Compare</button>
      </form>
      {date !== undefined && <BeforeAfterPanel indicator={indicator} search={search} date={date} />}
    </>
  );
}
