import type { Actor, CarriedClock, OpenCaseRequest, Refusal } from "@crossline/contracts";
import type { CaseCommand, CaseDecision, CaseState } from "@crossline/domain";
import type { Answer, IdempotentRequest } from "@crossline/idempotency";

type Common = {
  readonly request: IdempotentRequest;
  readonly actor: Actor;
  readonly traceparent: string | undefined;
  /** What is done with the case at once, in the same transaction. What is refused of it is left out: the item itself stands. */
  readonly besides?: readonly CaseCommand[];
  /** What is answered, and kept for repetitions. */
  readonly answer: (done: Done) => Answer;
};

/** A company wants to open a case. `follows`: the ended case that it is about. */
export type OpenItem = Common & {
  readonly is: "open";
  readonly body: OpenCaseRequest;
  readonly follows?: string | undefined;
};

/** What a command of a company came to: the case after it, and what was told. */
export type Done = {
  readonly state: CaseState;
  readonly messages: CaseDecision["messages"];
  readonly at: number;
  readonly party: string;
};

/** What the timer says of a case's clocks, and how many of its events it had read by then. */
export type Left = { readonly clocks: readonly CarriedClock[]; readonly asOf: number };

/** Somebody wants a case merged into another. */
export type MergeItem = Common & {
  readonly is: "merge";
  readonly caseId: string;
  readonly into: string;
  readonly reason: string;
  readonly left: Left;
};

/** Somebody wants something of a case. `news` of an entry is judged when it is written. */
export type CommandItem = Common & {
  readonly is: "command";
  readonly caseId: string;
  readonly command: Unjudged<CaseCommand>;
};

/** The command as it comes from outside: what only the case's row can tell is not in it yet. */
type Unjudged<Command> = Command extends { type: "cross" }
  ? Omit<Command, "observing">
  : Command extends { type: "add-entry" }
    ? Omit<Command, "news" | "tried">
    : Command extends { type: "move" }
      ? Omit<Command, "to"> & { readonly line: string; readonly version?: number | undefined }
      : Command extends { type: "correct" }
        ? Omit<Command, "feasibility">
        : Command;

export type Item = OpenItem | CommandItem | MergeItem;

/** What became of an item: its answer (the first one again, where `replayed`), or why there is none. */
export type Verdict = (Written & { readonly replayed: boolean }) | Refusal;

/** An answer that is JSON already: it is kept and sent as the same text. */
export type Written = Answer & { readonly text: string };
