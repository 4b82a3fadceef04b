import {
  commandCase,
  commandHandoff,
  decide,
  earliestDue,
  elapse,
  inform,
  openCase,
  project,
  react,
  take,
} from "@crossline/domain";

/** The rules that the simulated services run on: the domain's own, or with one of them broken. */
export const domainRules = {
  commandCase,
  commandHandoff,
  decide,
  earliestDue,
  elapse,
  inform,
  openCase,
  project,
  react,
  take,
} as const;

export type Rules = typeof domainRules;
