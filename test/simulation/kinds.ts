import type { DurationMs } from "@crossline/contracts";

/** A command of a client. `choice` decides the details of the command, so the command is the same in every run. */
export type Command = {
  readonly number: number;
  readonly atMs: DurationMs;
  readonly caseNumber: number;
  readonly kind: CommandKind;
  readonly choice: number;
};

export type CommandKind = (typeof kinds)[number];

const kinds = [
  "open",
  "publish-line",
  // A rep or a program records these acts of the customer.
  "inquiry",
  "still-broken",
  "works",
  "customers-auto-reply",
  "customers-entry",
  "answer",
  "live-contact",
  "vendor-contact",
  "auto-reply",
  "write-message",
  "write-link",
  "release-message",
  "report-sent",
  "report-failed",
  "entry",
  "internal-entry",
  "automated-entry",
  "start-handling",
  "beat",
  "end-handling",
  "wait",
  "work-on",
  "resolve-case",
  "automated-status",
  "end",
  "cross",
  "stale-cross",
  "confirm",
  "reopen",
  "close",
  "correct",
  "claim",
  "renew",
  "release",
  "accept",
  "stale-accept",
  "reject",
  "resolve",
  "stale-token",
  "take",
  "severity",
  "promise",
  "promise-need-by",
  "end-promise",
  "request-info",
  "inform",
  "return",
  "transfer",
  "resolve-root",
  "vendor-entry",
  "foreign-entry",
  // Intake's tasks send these commands on the cases of an incident.
  "lead-incident",
  "end-incident",
  "join-incident",
  "hold-incident",
  "leave-incident",
  "cure-incident",
  // Intake's tasks and persons name the possible causes of a case.
  "link-change",
  "unlink-change",
  "match-known-error",
] as const;

/** Names of sequences of commands. A `closing-race` is a contact just before the automatic closing. */
type CommandSequence = "call" | "fix" | "commitment" | "correspondence" | "aftermath" | "closing-race";

/** The relative frequency of each command and sequence. */
const weights: readonly (readonly [kind: CommandKind | CommandSequence, share: number])[] = [
  ["inquiry", 4],
  ["still-broken", 1],
  ["works", 1],
  ["customers-auto-reply", 1],
  ["customers-entry", 2],
  ["answer", 3],
  ["live-contact", 2],
  ["vendor-contact", 2],
  ["auto-reply", 2],
  ["entry", 4],
  ["internal-entry", 2],
  ["automated-entry", 2],
  ["vendor-entry", 2],
  ["foreign-entry", 1],
  ["call", 5],
  ["wait", 3],
  ["work-on", 2],
  ["resolve-case", 2],
  ["automated-status", 2],
  ["end", 1],
  ["cross", 4],
  ["stale-cross", 1],
  ["confirm", 2],
  ["reopen", 3],
  ["close", 1],
  ["correct", 3],
  ["claim", 5],
  ["renew", 1],
  ["release", 2],
  ["accept", 5],
  ["stale-accept", 1],
  ["reject", 3],
  ["resolve", 4],
  ["stale-token", 1],
  ["take", 4],
  ["fix", 3],
  ["severity", 3],
  ["commitment", 4],
  ["correspondence", 5],
  ["aftermath", 5],
  ["closing-race", 2],
  ["publish-line", 1],
];

/** The commands and sequences from which a story picks. The list repeats each entry according to its frequency. */
export const commandChoices = weights.flatMap(([kind, share]) => Array.from({ length: share }, () => kind));
