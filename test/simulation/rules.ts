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

/** The rules of the simulated services: the domain's own. A mutant replaces one of them. */
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
