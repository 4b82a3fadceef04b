import {
  commandAssignment,
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

/** The rules that the simulated services call. A mutant replaces one of the domain's rules. */
export const domainRules = {
  commandAssignment,
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
