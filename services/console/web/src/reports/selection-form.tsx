import type { ReportDimension } from "@crossline/contracts";
import { viewerZone } from "../time/format.ts";
import { zoneOf } from "./parameters.ts";
import { type ReportSearch, chosenDimensions, periods, reportSearch } from "./search.ts";
import { dimensionText } from "./words.ts";

type SelectionFormProps = {
  readonly search: ReportSearch;
  readonly possible: readonly ReportDimension[];
  readonly onChange: (search: ReportSearch) => void;
};

const byMax = 4;

/** Chooses the groups, the time and the filters of a report. The address then has them. */
export function SelectionForm({ search, possible, onChange }: SelectionFormProps) {
  const submit = (event: React.SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const fields = Object.fromEntries([...form.entries()].filter(([name]) => name !== "by"));
    const by = (form.getAll("by") as string[]).slice(0, byMax).join(",");
    const { report, timeline, date } = search;
    onChange(reportSearch({ report, timeline, date, ...fields, by }));
  };
  const zone = zoneOf(search);
  return (
    <form key={JSON.stringify(search)} className="report-form" onSubmit={submit}>
      <fieldset>
        <legend>Groups (at most {byMax})</legend>
        <GroupChoices possible={possible} chosen={chosenDimensions(search, possible)} />
      </fieldset>
      <fieldset>
        <legend>Time</legend>
        <label>
          Period{" "}
          <select name="period" defaultValue={search.period ?? ""}>
            <option value="">the whole time</option>
            {periods.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          From <input type="date" name="from" defaultValue={search.from} />
        </label>
        <label>
          Before <input type="date" name="to" defaultValue={search.to} />
        </label>
        <label>
          Zone{" "}
          <select name="zone" defaultValue={zone}>
            {[...new Set([zone, viewerZone, "UTC"])].map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </fieldset>
      <details open={possible.some((name) => search[name] !== undefined)}>
        <summary>Filters</summary>
        <div className="report-filters">
          {possible.map((name) => (
            <label key={name}>
              {dimensionText[name]} <input name={name} defaultValue={search[name]} autoComplete="off" maxLength={100} />
            </label>
          ))}
        </div>
      </details>
      <button type="submit">Show the report</button>
    </form>
  );
}

function GroupChoices({
  possible,
  chosen,
}: {
  readonly possible: readonly ReportDimension[];
  readonly chosen: readonly ReportDimension[];
}) {
  return possible.map((name) => (
    <label key={name} className="check">
      <input type="checkbox" name="by" value={name} defaultChecked={chosen.includes(name)} /> {dimensionText[name]}
    </label>
  ));
}
