import type { Report } from "@crossline/contracts";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Instant } from "../time/instant.tsx";
import { useWallMinute } from "../time/now.ts";
import { CasesPanel } from "./cases-panel.tsx";
import { casesQuery } from "./queries.ts";
import { valueText } from "./values.ts";
import { columnText } from "./words.ts";

type IndicatorCasesProps = {
  readonly indicator: string;
  readonly unit: Report["unit"];
  readonly group: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly zone: string;
  readonly onClose: () => void;
};

/** Lists the cases behind one row of an indicator, each with its own value and its instant. */
export function IndicatorCases({ indicator, unit, group, parameters, zone, onClose }: IndicatorCasesProps) {
  const now = useWallMinute();
  const query = useInfiniteQuery(casesQuery(indicator, parameters));
  return (
    <CasesPanel
      title={`Cases of ${groupText(group)}`}
      query={query}
      keyOf={({ caseId, id, at }) => `${caseId} ${id} ${at}`}
      onClose={onClose}
    >
      {({ value, at }) => (
        <>
          <strong>{itemText(value, unit)}</strong> <Instant at={at} now={now} zone={zone} named />
        </>
      )}
    </CasesPanel>
  );
}

/** A counted thing of a share is in the share or not. A number of returns says nothing about one of them. */
function itemText(value: number | null, unit: Report["unit"]): string {
  if (unit === "share") return value === 1 ? "✓ in the share" : "✕ not in the share";
  if (unit === "count") return "";
  return value === null ? "– no value" : valueText(value, unit);
}

function groupText(group: Readonly<Record<string, string>>): string {
  const parts = Object.entries(group).map(([name, value]) => `${columnText(name).toLowerCase()} ${value}`);
  return parts.length === 0 ? "this value" : parts.join(", ");
}
