import type { TrainingDebtReport } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { durationText } from "../time/format.ts";
import { Panel } from "../ui/panel.tsx";
import { CardTable } from "../ui/card-table.tsx";
import { AsOf } from "./as-of.tsx";
import { CaseReportCasesPanel } from "./case-report-cases.tsx";
import { trainingDebtQuery } from "./queries.ts";
import type { ReportSearch } from "./search.ts";

type TrainingDebtProps = { readonly search: ReportSearch; readonly onChange: (search: ReportSearch) => void };

/** Shows the training gaps of a carrier: the symptoms of devices that it holds long and that vendors fix fast. */
export function TrainingDebt({ search, onChange }: TrainingDebtProps) {
  const { timeline, of, ...rest } = search;
  const query = useQuery(trainingDebtQuery({ timeline }));
  return (
    <>
      <Panel title="Training debt" query={query}>
        {(report) => (
          <>
            <p className="definition">
              The report has the symptoms of devices that your company holds long and that vendors fix fast. A trained
              person of your company could fix such a case.
            </p>
            <AsOf asOf={report.asOf} />
            <Gaps report={report} onCases={(chosen) => onChange({ ...search, of: chosen })} />
          </>
        )}
      </Panel>
      {of !== undefined && (
        <CaseReportCasesPanel
          key={JSON.stringify(of)}
          report="training-debt"
          title={`Crossed cases of ${of["symptom"]} on ${of["device"]}`}
          parameters={{ timeline, symptom: of["symptom"] }}
          isIn={({ model, os }) => (model ?? os) === of["device"]}
          onClose={() => onChange({ ...rest, ...(timeline !== undefined && { timeline }) })}
        />
      )}
    </>
  );
}

type GapsProps = {
  readonly report: TrainingDebtReport;
  readonly onCases: (group: Readonly<Record<string, string>>) => void;
};

function Gaps({ report: { state, items, groups, smallest }, onCases }: GapsProps) {
  if (state === "not-enough-cases") {
    return (
      <p className="empty">
        There are not enough cases to compare. Two groups with {smallest} crossed cases each are necessary, and {groups}{" "}
        have so many.
      </p>
    );
  }
  if (items.length === 0) return <p className="empty">The report finds no training gap.</p>;
  return (
    <CardTable label="Table of the training gaps">
      <thead>
        <tr>
          <th scope="col">Symptom</th>
          <th scope="col">Device</th>
          <th scope="col" className="numeric">
            Cases
          </th>
          <th scope="col" className="numeric">
            Customers waited
          </th>
          <th scope="col" className="numeric">
            Median hold
          </th>
          <th scope="col" className="numeric">
            Median fix
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ symptom, device, cases, waitedHours, medianHeldMs, medianFixedMs }) => (
          <tr key={`${symptom} ${device}`} data-row={`${symptom} ${device}`}>
            <th scope="row">{symptom}</th>
            <td data-label="Device">
              <bdi>{device}</bdi>
            </td>
            <td data-label="Cases" className="numeric">
              <button
                type="button"
                data-row-link=""
                aria-label={`${cases} cases of ${symptom} on ${device}`}
                onClick={() => onCases({ symptom, device })}
              >
                {cases}
              </button>
            </td>
            <td data-label="Customers waited" className="numeric">
              {Math.round(waitedHours).toLocaleString("en-CA")} h
            </td>
            <td data-label="Median hold" className="numeric">
              {durationText(medianHeldMs)}
            </td>
            <td data-label="Median fix" className="numeric">
              {durationText(medianFixedMs)}
            </td>
          </tr>
        ))}
      </tbody>
    </CardTable>
  );
}
