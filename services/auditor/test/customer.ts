import { type HistoryRow, answer, inbound, outbound } from "./history.ts";

export const contact = (minutes: number, content: string, more: Record<string, unknown> = {}): HistoryRow => [
  minutes,
  answer,
  { ...inbound, content, ...more },
];
export const sent = (minutes: number): HistoryRow => [minutes, answer, outbound];
export const resolved = (minutes: number): HistoryRow => [minutes, "case.resolved", {}];
export const closed = (minutes: number, reason = "by-carrier"): HistoryRow => [minutes, "case.closed", { reason }];
export const reopened = (minutes: number): HistoryRow => [minutes, "case.reopened", {}];
