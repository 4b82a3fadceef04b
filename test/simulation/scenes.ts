import type { CommandKind } from "./kinds.ts";

/** Sequences of commands with which companies send a case back and forth: information requests, returns and transfers. */
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

/** Sequences of commands that solve or end a case, and then record contacts and answers or reopen the case. */
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

/** Sequences of commands in which the carrier sends outbound messages, some of which fail later. */
export const correspondences: readonly (readonly CommandKind[])[] = [
  ["write-message", "report-sent"],
  ["write-message", "report-sent", "report-failed"],
  ["write-message", "report-sent", "write-message", "report-sent", "report-failed", "report-failed"],
  ["write-link", "release-message", "report-sent", "report-failed"],
  ["write-message", "report-sent", "inquiry", "write-message", "report-sent", "report-failed"],
  ["write-message", "report-sent", "answer", "report-failed"],
  ["write-message", "report-failed", "answer"],
  ["resolve-case", "inquiry", "write-message", "report-sent", "report-failed"],
  ["resolve-case", "write-message", "report-sent", "report-failed"],
  ["write-message", "report-sent", "close", "report-failed", "reopen"],
];

/** Sequences of commands that name the possible causes of a case: changes and known errors. */
export const causes: readonly (readonly CommandKind[])[] = [
  ["link-change", "cross", "claim", "accept"],
  ["link-change", "unlink-change", "link-change"],
  ["match-known-error", "cross", "claim", "accept", "resolve"],
  ["match-known-error", "match-known-error", "resolve-case", "reopen", "match-known-error"],
  ["cross", "claim", "link-change", "accept", "unlink-change", "match-known-error"],
  ["link-change", "close", "unlink-change", "reopen"],
];

/** Sequences of commands in which a case joins an incident, leaves it, or leads one. */
export const incidents: readonly (readonly CommandKind[])[] = [
  ["join-incident"],
  ["join-incident", "leave-incident"],
  ["join-incident", "hold-incident", "leave-incident", "cross", "claim"],
  ["join-incident", "hold-incident", "cure-incident"],
  ["join-incident", "cure-incident", "reopen"],
  ["join-incident", "cure-incident", "still-broken"],
  ["join-incident", "inquiry", "answer", "inquiry", "leave-incident"],
  ["promise", "join-incident", "end-promise"],
  ["join-incident", "wait", "leave-incident", "work-on"],
  ["wait", "join-incident", "work-on", "leave-incident"],
  ["join-incident", "resolve-case", "reopen"],
  ["join-incident", "cross", "severity"],
  ["start-handling", "join-incident", "beat", "leave-incident", "end-handling"],
  ["cross", "join-incident", "claim", "accept"],
  ["lead-incident", "claim", "accept", "resolve"],
  ["lead-incident", "claim", "accept", "return", "end-incident", "join-incident"],
];
