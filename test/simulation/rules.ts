import {
  commandCase,
  commandHandoff,
  decide,
  earliestDue,
  elapse,
  answerQuestion,
  openCase,
  applyToCase,
  react,
  takeByPerson,
} from "@crossline/domain";

/** The rules that the simulated services run on: the domain's own, or with one of them broken. */
export const domainRules = {
  commandCase,
  commandHandoff,
  decide,
  earliestDue,
  elapse,
  answerQuestion,
  openCase,
  applyToCase,
  react,
  takeByPerson,
} as const;

export type Rules = typeof domainRules;
