import type { IndicatorName, ReportDimension } from "@crossline/contracts";

/** The definition of an indicator. docs/reports.md contains each definition with an example. */
export type Indicator = {
  readonly title: string;
  readonly definition: string;
  readonly unit: "share" | "mean" | "count" | "milliseconds";
  /** The dimensions for a carrier. */
  readonly dimensions: readonly ReportDimension[];
  /** The dimensions for a vendor. If this list is missing, a vendor cannot read the indicator. */
  readonly forVendors?: readonly ReportDimension[];
  /** The dimension by which the report always groups, because a sum over it would have no meaning. */
  readonly always?: ReportDimension;
  /** The names of the numbers from which the value was calculated. */
  readonly parts: readonly [first: string, second: string];
};

const ofCase = ["os", "osVersion", "model", "symptom", "channel", "kind", "line", "pool"] as const;
const ofCrossing = ["os", "osVersion", "model", "symptom", "channel", "kind", "queue", "company"] as const;

/** Resolved cases whose resolution has held for this long count as settled, without a confirmation. */
export const settledAfterDays = 7;

/** All indicators. Each definition has one sentence for the counted things and one for the value. */
export const indicators: Readonly<Record<IndicatorName, Indicator>> = {
  "first-contact-resolution": {
    title: "First-contact resolution",
    definition:
      "Counts settled cases by the instant of their resolution. The value is the share with one inbound contact of the customer, no reopening and no acceptance by a vendor.",
    unit: "share",
    dimensions: ofCase,
    parts: ["resolvedAtFirst", "settled"],
  },
  "contacts-per-case": {
    title: "Contacts per case",
    definition:
      "Counts settled cases by the instant of their resolution. The value is the mean number of inbound contacts of the customer, with the opening.",
    unit: "mean",
    dimensions: ofCase,
    parts: ["contacts", "settled"],
  },
  "transfers-per-case": {
    title: "Transfers per case",
    definition:
      "Counts settled cases by the instant of their resolution. The value is the mean number of acceptances by a vendor and of claims by a pool.",
    unit: "mean",
    dimensions: ofCase,
    parts: ["transfers", "settled"],
  },
  "time-by-holder": {
    title: "Time by holder",
    definition:
      "Counts the holders of settled cases by the instant of the resolution. The value is the median time for which a company held a case before its resolution.",
    unit: "milliseconds",
    dimensions: [...ofCase, "company"],
    always: "company",
    parts: ["totalMs", "holders"],
  },
  "time-to-accept": {
    title: "Time to accept",
    definition:
      "Counts offers to queues by the instant of the offer. The value is the median time from the offer to the acceptance, over the accepted offers.",
    unit: "milliseconds",
    dimensions: [...ofCrossing, "line"],
    forVendors: ofCrossing,
    parts: ["accepted", "offered"],
  },
  "time-to-claim": {
    title: "Time to claim",
    definition:
      "Counts assignments to pools by the instant of the assignment. The value is the median time from the assignment to the first claim, over the claimed assignments.",
    unit: "milliseconds",
    dimensions: ofCase,
    parts: ["claimed", "assigned"],
  },
  "returns-by-code": {
    title: "Returns by code",
    definition: "Counts the returns of accepted cases by the instant of the return. The value is their number.",
    unit: "count",
    dimensions: [...ofCrossing, "line", "code"],
    forVendors: [...ofCrossing, "code"],
    always: "code",
    parts: ["returns", "cases"],
  },
  "promises-kept": {
    title: "Promises kept",
    definition:
      "Counts promises by the end of their window, if they were delivered or their window has ended. The value is the share that was delivered in time. A withdrawn promise does not count.",
    unit: "share",
    dimensions: [...ofCase, "company"],
    forVendors: ["company"],
    parts: ["kept", "due"],
  },
  "cure-time-gap": {
    title: "Fix-time gap",
    definition:
      "Counts the cases that a vendor accepted and a vendor resolved, by the first acceptance. The value is the median time from the opening to the first acceptance, minus the median time of the fix. The time of the fix is the time from acceptance to resolution in the first hand-off that was resolved.",
    unit: "milliseconds",
    dimensions: [...ofCrossing, "line", "pool"],
    forVendors: ofCrossing,
    parts: ["heldMs", "curedMs"],
  },
};
