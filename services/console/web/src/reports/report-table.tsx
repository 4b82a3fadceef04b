import type { Report } from "@crossline/contracts";
import { CardTable } from "../ui/card-table.tsx";
import { type Bar, barsOf, valueText } from "./values.ts";
import { columnText } from "./words.ts";

type Row = Report["items"][number];

type ReportTableProps = {
  readonly report: Report;
  readonly chosen: Readonly<Record<string, string>> | undefined;
  readonly onCases: (group: Readonly<Record<string, string>>) => void;
};

/** Shows each group with its value, a bar, its count and the numbers behind the value. */
export function ReportTable({ report, chosen, onCases }: ReportTableProps) {
  const { items, unit, omitted } = report;
  const [first] = items;
  if (first === undefined)
    return <p className="empty">There is nothing to count in this time and with these filters.</p>;
  const names = Object.keys(first.group);
  const bars = barsOf(
    items.map(({ value }) => value),
    unit,
  );
  return (
    <>
      <CardTable label="Table of the report" className="report">
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col">
                {columnText(name)}
              </th>
            ))}
            <th scope="col">Value</th>
            <th scope="col" className="numeric">
              Count
            </th>
            <th scope="col">Behind it</th>
          </tr>
        </thead>
        <tbody>
          {items.map((row, place) => (
            <ReportRow
              key={JSON.stringify(row.group)}
              row={row}
              unit={unit}
              bar={bars[place]}
              isChosen={chosen !== undefined && JSON.stringify(chosen) === JSON.stringify(row.group)}
              onCases={onCases}
            />
          ))}
        </tbody>
      </CardTable>
      {omitted > 0 && <p>{omitted.toLocaleString("en-CA")} further rows with smaller counts are not shown.</p>}
    </>
  );
}

type ReportRowProps = {
  readonly row: Row;
  readonly unit: Report["unit"];
  readonly bar: Bar | undefined;
  readonly isChosen: boolean;
  readonly onCases: ReportTableProps["onCases"];
};

function ReportRow({ row, unit, bar, isChosen, onCases }: ReportRowProps) {
  const values = Object.entries(row.group);
  const group = Object.fromEntries(values.filter(([, value]) => value !== null)) as Record<string, string>;
  const isComplete = values.every(([, value]) => value !== null);
  return (
    <tr data-row={JSON.stringify(row.group)} className={isChosen ? "chosen" : undefined}>
      {values.map(([name, value]) => (
        <td key={name} data-label={columnText(name)}>
          {value === null ? <span className="muted">no value</span> : <bdi>{value}</bdi>}
        </td>
      ))}
      <td data-label="Value" className="report-value">
        {row.value === null ? (
          <span>
            – <span className="muted">nothing to count</span>
          </span>
        ) : (
          valueText(row.value, unit)
        )}
        {bar !== undefined && (
          <span className="bar" aria-hidden="true">
            <span style={{ marginInlineStart: `${bar.start}%`, width: `${bar.width}%` }} />
          </span>
        )}
      </td>
      <td data-label="Count" className="numeric">
        {row.count.toLocaleString("en-CA")}
      </td>
      <td>
        {isComplete ? (
          <button
            type="button"
            data-row-link=""
            aria-pressed={isChosen}
            aria-label={`Cases of ${values.map(([, value]) => value).join(", ") || "this value"}`}
            onClick={() => onCases(group)}
          >
            Cases
          </button>
        ) : (
          <span className="muted">no list without a value</span>
        )}
      </td>
    </tr>
  );
}
