import { presentPosition } from "@crossline/chassis";
import {
  type CaseReportQuery,
  type OutcomesReport,
  type Refusal,
  type TrainingDebtReport,
  isRefusal,
  refusal,
} from "@crossline/contracts";
import { compareOutcomes, findTrainingDebt, smallestGroup } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { readCrossedCases } from "../store/crossed-cases.ts";
import { type CaseSelection, caseFilters } from "../store/opened-cases.ts";
import { sumOutcomes } from "../store/outcome-sums.ts";
import { type ReportReader, refuseQuery, timeOf } from "./select.ts";

/** The largest number of crossed cases in one report. */
const crossedMax = 400_000;
const hourMs = 3_600_000;

/** Returns the cases that a query selects by their opening. Vendors have no such report, because it shows how a carrier works. */
export async function caseSelectionOf(
  tx: Database,
  reader: ReportReader,
  query: CaseReportQuery,
): Promise<CaseSelection | Refusal> {
  const { party, isVendor } = reader;
  if (isVendor) return refusal("not_found", "Vendors have no report of this name.");
  const time = await timeOf(tx, reader, query);
  const filters = Object.fromEntries(caseFilters.map((name) => [name, query[name]]));
  return { carrier: party, ...time, filters };
}

/** Returns the training gaps of a carrier. */
export async function reportTrainingDebt(
  tx: Database,
  reader: ReportReader,
  query: CaseReportQuery,
): Promise<TrainingDebtReport | Refusal> {
  const selected = await caseSelectionOf(tx, reader, query);
  if (isRefusal(selected)) return selected;
  const cases = await readCrossedCases(tx, selected, crossedMax + 1);
  if (cases.length > crossedMax) return refuseQuery("from", "is too early: the time has too many crossed cases");
  const debt = findTrainingDebt(cases);
  return {
    ...headOf(reader, query),
    state: debt.enough ? "compared" : "not-enough-cases",
    groups: debt.groups,
    smallest: smallestGroup,
    items: (debt.enough ? debt.gaps : []).map(({ waitedMs, ...gap }) => ({ ...gap, waitedHours: waitedMs / hourMs })),
  };
}

/** Returns the outcome of each model in each channel, compared with the other models in the channel. */
export async function reportOutcomes(
  tx: Database,
  reader: ReportReader,
  query: CaseReportQuery,
): Promise<OutcomesReport | Refusal> {
  const selected = await caseSelectionOf(tx, reader, query);
  if (isRefusal(selected)) return selected;
  const items = compareOutcomes(await sumOutcomes(tx, selected));
  return { ...headOf(reader, query), items: items as OutcomesReport["items"] };
}

function headOf({ party, position }: ReportReader, { timeline }: CaseReportQuery) {
  return { party, timeline, asOf: presentPosition(position) };
}
