import type { CommandKind } from "./kinds.ts";

/** What companies do who do not take a case as it comes: they ask back, send it back with evidence, pass it on. */
export const pushes: readonly (readonly CommandKind[])[] = [
  ["cross", "claim", "request-info", "inform", "accept", "resolve"],
  ["cross", "claim", "request-info"],
  ["claim", "request-info", "release", "claim", "accept"],
  ["claim", "request-info", "accept"],
  ["cross", "claim", "accept", "return"],
  ["cross", "claim", "accept", "return", "cross", "claim", "accept", "return", "cross", "claim", "accept", "return"],
  ["cross", "claim", "accept", "transfer", "claim", "accept", "return"],
  ["cross", "claim", "accept", "transfer"],
  ["resolve-root", "confirm", "close"],
  ["resolve-root", "reopen"],
];

/** What happens to a case that is solved or over: the customer writes, is answered, and what was owed is owed again. */
export const aftermaths: readonly (readonly CommandKind[])[] = [
  ["resolve-case", "inquiry"],
  ["resolve-case", "inquiry", "answer"],
  ["resolve-case", "inquiry", "live-contact"],
  ["resolve-case", "still-broken"],
  ["resolve-case", "works", "inquiry"],
  ["resolve-case", "customers-auto-reply"],
  ["resolve-case", "vendor-contact", "reopen"],
  ["resolve-case", "confirm", "inquiry", "reopen"],
  ["close", "inquiry", "answer"],
  ["close", "still-broken", "reopen", "answer"],
  ["close", "reopen"],
  ["promise", "resolve-case", "reopen", "end-promise"],
  ["promise", "close", "reopen"],
  ["correct", "resolve-case", "reopen"],
  ["promise-need-by", "end-promise", "resolve-case", "reopen"],
  ["end", "inquiry", "answer"],
  ["wait", "inquiry"],
];
