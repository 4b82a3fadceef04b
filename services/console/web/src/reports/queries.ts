import type {
  BeforeAfter,
  CodeReport,
  IndicatorList,
  KeptPromises,
  Report,
  ReportCases,
  TrainingDebtReport,
} from "@crossline/contracts";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { queryOf, read } from "../api/send.ts";

type Parameters = Readonly<Record<string, string | undefined>>;
export type Indicator = IndicatorList["items"][number];

const casesMax = 50;

/** The indicators that the company can read. */
export const indicatorsQuery = queryOptions({
  queryKey: ["reports"],
  queryFn: ({ signal }) => read<IndicatorList>("/v1/reports", signal),
  staleTime: 600_000,
});

/** The address of a report, also for the download. */
export function reportPath(report: string, parameters: Parameters): string {
  return `/v1/reports/${report}${queryOf(parameters)}`;
}

export const reportQuery = (indicator: string, parameters: Parameters) => {
  const path = reportPath(indicator, parameters);
  return queryOptions({ queryKey: ["reports", path], queryFn: ({ signal }) => read<Report>(path, signal) });
};

/** The cases behind one row, the latest first. */
export const casesQuery = (indicator: string, parameters: Parameters) =>
  infiniteQueryOptions({
    queryKey: ["reports", indicator, "cases", parameters],
    queryFn: ({ signal, pageParam }) =>
      read<ReportCases>(
        reportPath(`${indicator}/cases`, { ...parameters, limit: `${casesMax}`, cursor: pageParam }),
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });

export const comparisonQuery = (indicator: string, parameters: Parameters) => {
  const path = reportPath(`${indicator}/before-after`, parameters);
  return queryOptions({ queryKey: ["reports", path], queryFn: ({ signal }) => read<BeforeAfter>(path, signal) });
};

const other = <Result>(report: string, parameters: Parameters) => {
  const path = reportPath(report, parameters);
  return queryOptions({ queryKey: ["reports", path], queryFn: ({ signal }) => read<Result>(path, signal) });
};

export const trainingDebtQuery = (parameters: Parameters) => other<TrainingDebtReport>("training-debt", parameters);
export const keptPromisesQuery = (timeline: string | undefined) => other<KeptPromises>("promises", { timeline });
export const codesQuery = (timeline: string | undefined) => other<CodeReport>("codes", { timeline });
