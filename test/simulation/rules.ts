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

/** The rules that the simulated services call: the domain's rules, of which a mutant replaces one. */
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
