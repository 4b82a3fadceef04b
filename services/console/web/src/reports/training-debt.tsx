import type { TrainingDebtReport } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { durationText } from "../time/format.ts";
import { Panel } from "../ui/panel.tsx";
import { ScrollRegion } from "../ui/scroll-region.tsx";
import { AsOf } from "./as-of.tsx";
import { trainingDebtQuery } from "./queries.ts";

/** Shows the training gaps of a carrier: the symptoms of devices that it holds long and that vendors fix fast. */
export function TrainingDebt({ timeline }: { readonly timeline: string | undefined }) {
  const query = useQuery(trainingDebtQuery({ timeline }));
  return (
    <Panel title="Training debt" query={query}>
      {(report) => (
        <>
          <p className="definition">
            The report has the symptoms of devices that your company holds long and that vendors fix fast. A trained
            person of your company could fix such a case.
          </p>
          <AsOf asOf={report.asOf} />
          <Gaps report={report} />
        </>
      )}
    </Panel>
  );
}

function Gaps({ report: { state, items, groups, smallest } }: { readonly report: TrainingDebtReport }) {
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
    <ScrollRegion label="Table of the training gaps">
      <table>
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
            <tr key={`${symptom} ${device}`}>
              <th scope="row">{symptom}</th>
              <td>
                <bdi>{device}</bdi>
              </td>
              <td className="numeric">{cases}</td>
              <td className="numeric">{Math.round(waitedHours).toLocaleString("en-CA")} h</td>
              <td className="numeric">{durationText(medianHeldMs)}</td>
              <td className="numeric">{durationText(medianFixedMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
