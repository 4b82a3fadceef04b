import type { BeforeAfter } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { Panel } from "../ui/panel.tsx";
import { selectionParameters, startOf, zoneOf } from "./parameters.ts";
import { type Indicator, comparisonQuery } from "./queries.ts";
import type { ReportSearch } from "./search.ts";
import { differenceText, valueText } from "./values.ts";

type BeforeAfterProps = { readonly indicator: Indicator; readonly search: ReportSearch; readonly date: string };

/** Compares an indicator before and after a day, for example the day of a training. */
export function BeforeAfterPanel({ indicator, search, date }: BeforeAfterProps) {
  const query = useQuery(
    comparisonQuery(indicator.indicator, {
      ...selectionParameters(search, indicator.dimensions),
      date: startOf(date, zoneOf(search)),
    }),
  );
  return (
    <Panel title={`Before and after ${date}`} query={query}>
      {(compared) => (
        <>
          <dl className="report-sides">
            <Side name="Before" side={compared.before} unit={compared.unit} />
            <Side name="After" side={compared.after} unit={compared.unit} />
          </dl>
          <Difference compared={compared} />
        </>
      )}
    </Panel>
  );
}

type SideProps = { readonly name: string; readonly side: BeforeAfter["before"]; readonly unit: BeforeAfter["unit"] };

function Side({ name, side, unit }: SideProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {valueText(side.value, unit)} <span className="muted">{side.count.toLocaleString("en-CA")} counted</span>
      </dd>
    </div>
  );
}

function Difference({ compared: { unit, result } }: { readonly compared: BeforeAfter }) {
  if (result.state === "not-enough-cases") {
    return <p>There are not enough cases to compare. Each side needs {result.smallest} counted things.</p>;
  }
  const [low, high] = [differenceText(result.low, unit), differenceText(result.high, unit)];
  return (
    <p>
      The difference is <strong>{differenceText(result.difference, unit)}</strong>. Its{" "}
      {Math.round(result.confidence * 100)} % interval is {low} to {high}.{" "}
      {result.low <= 0 && result.high >= 0 && "The interval contains 0, so chance can explain it. "}
      A difference after a day shows no cause.
    </p>
  );
}
