import type { ReportDimension } from "@crossline/contracts";

/** The dimensions as the screen names them. */
export const dimensionText: Readonly<Record<ReportDimension | "period", string>> = {
  model: "Model",
  os: "Operating system",
  osVersion: "Version of the system",
  symptom: "Symptom",
  channel: "Channel",
  kind: "Case kind",
  line: "Line",
  pool: "Pool",
  queue: "Queue",
  company: "Company",
  code: "Code",
  period: "Period from",
};

/** Returns the name of a column of a report. */
export function columnText(name: string): string {
  return dimensionText[name as ReportDimension] ?? name;
}
