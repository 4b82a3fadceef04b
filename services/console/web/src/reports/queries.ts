import type {
  BeforeAfter,
  CaseReportCases,
  CodeReport,
  IndicatorList,
  KeptPromises,
  OutcomesReport,
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

/** The cases behind one row of a report, the latest first. */
const cases = <Page extends { readonly next?: string | undefined }>(report: string, parameters: Parameters) =>
  infiniteQueryOptions({
    queryKey: ["reports", report, "cases", parameters],
    queryFn: ({ signal, pageParam }) =>
      read<Page>(reportPath(`${report}/cases`, { ...parameters, limit: `${casesMax}`, cursor: pageParam }), signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  });

export const casesQuery = (indicator: string, parameters: Parameters) => cases<ReportCases>(indicator, parameters);
export const caseReportCasesQuery = (report: "training-debt" | "outcomes", parameters: Parameters) =>
  cases<CaseReportCases>(report, parameters);

export const comparisonQuery = (indicator: string, parameters: Parameters) => {
  const path = reportPath(`${indicator}/before-after`, parameters);
  return queryOptions({ queryKey: ["reports", path], queryFn: ({ signal }) => read<BeforeAfter>(path, signal) });
};

const other = <Result>(report: string, parameters: Parameters) => {
  const path = reportPath(report, parameters);
  return queryOptions({ queryKey: ["reports", path], queryFn: ({ signal }) => read<Result>(path, signal) });
};

export const trainingDebtQuery = (parameters: Parameters) => other<TrainingDebtReport>("training-debt", parameters);
export const outcomesQuery = (parameters: Parameters) => other<OutcomesReport>("outcomes", parameters);
export const keptPromisesQuery = (timeline: string | undefined) => other<KeptPromises>("promises", { timeline });
export const codesQuery = (timeline: string | undefined) => other<CodeReport>("codes", { timeline });
