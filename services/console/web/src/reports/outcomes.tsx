import type { OutcomesReport } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { Panel } from "../ui/panel.tsx";
import { CardTable } from "../ui/card-table.tsx";
import { AsOf } from "./as-of.tsx";
import { CaseReportCasesPanel } from "./case-report-cases.tsx";
import { outcomesQuery } from "./queries.ts";
import type { ReportSearch } from "./search.ts";
import { valueText } from "./values.ts";

type Row = OutcomesReport["items"][number];
type Difference = Row["differences"]["contacts"];

const measures = [
  { name: "contacts", title: "Contacts", unit: "mean" },
  { name: "firstContactResolution", title: "First-contact resolution", unit: "share" },
  { name: "crossed", title: "Crossed", unit: "share" },
  { name: "reopened", title: "Reopened", unit: "share" },
] as const;

const shapes = { higher: "▲", lower: "▼", alike: "=", unclear: "?" } as const;

type OutcomesProps = { readonly search: ReportSearch; readonly onChange: (search: ReportSearch) => void };

/** Compares each model with the other models in the same channel. */
export function Outcomes({ search, onChange }: OutcomesProps) {
  const { timeline, of, ...rest } = search;
  const query = useQuery(outcomesQuery({ timeline }));
  return (
    <>
      <Panel title="Outcomes of models" query={query}>
        {({ asOf, items }) => (
          <>
            <p className="definition">
              The report compares each model with the other models in the same channel. A difference has two values: the
              value of the model, and that of the other models.
            </p>
            <AsOf asOf={asOf} />
            {items.length === 0 ? (
              <p className="empty">No case names its model.</p>
            ) : (
              <OutcomeTable items={items} onCases={(chosen) => onChange({ ...search, of: chosen })} />
            )}
          </>
        )}
      </Panel>
      {of !== undefined && (
        <CaseReportCasesPanel
          key={JSON.stringify(of)}
          report="outcomes"
          title={`Cases of ${of["model"]} in the channel ${of["channel"]}`}
          parameters={{ timeline, ...of }}
          onClose={() => onChange({ ...rest, ...(timeline !== undefined && { timeline }) })}
        />
      )}
    </>
  );
}

type OutcomeTableProps = {
  readonly items: readonly Row[];
  readonly onCases: (group: Readonly<Record<string, string>>) => void;
};

function OutcomeTable({ items, onCases }: OutcomeTableProps) {
  return (
    <CardTable label="Table of the outcomes">
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Channel</th>
          {measures.map(({ name, title }) => (
            <th key={name} scope="col">
              {title}
            </th>
          ))}
          <th scope="col">Cases</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ model, channel, cases, differences }) => (
          <tr key={`${model} ${channel}`} data-row={`${model} ${channel}`}>
            <th scope="row">
              <bdi>{model}</bdi>
            </th>
            <td data-label="Channel">{channel}</td>
            {measures.map(({ name, title, unit }) => (
              <td key={name} data-label={title}>
                {differenceCell(differences[name], unit)}
              </td>
            ))}
            <td data-label="Cases">
              <button
                type="button"
                data-row-link=""
                aria-label={`${cases} cases of ${model} in the channel ${channel}`}
                onClick={() => onCases({ model, channel })}
              >
                {cases}
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </CardTable>
  );
}

function differenceCell(difference: Difference, unit: "mean" | "share"): string {
  if (difference.verdict === "not-enough-cases") return `– fewer than ${difference.smallest} cases`;
  const { verdict, value, others } = difference;
  return `${shapes[verdict]} ${verdict}: ${valueText(value, unit)}, others ${valueText(others, unit)}`;
}
