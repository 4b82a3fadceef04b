import { type Given, answer, inbound, outbound } from "./given.ts";

export const contact = (minutes: number, content: string, more: Record<string, unknown> = {}): Given => [
  minutes,
  answer,
  { ...inbound, content, ...more },
];
export const sent = (minutes: number): Given => [minutes, answer, outbound];
export const resolved = (minutes: number): Given => [minutes, "case.resolved", {}];
export const closed = (minutes: number, reason = "by-carrier"): Given => [minutes, "case.closed", { reason }];
export const reopened = (minutes: number): Given => [minutes, "case.reopened", {}];
