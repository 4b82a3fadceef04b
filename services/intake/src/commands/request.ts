import type { Actor, CarriedClock, OpenCaseRequest } from "@crossline/contracts";
import type { CaseCommand, CaseState } from "@crossline/domain";
import type { IdempotentRequest } from "@crossline/idempotency";

/** A request of a company about cases, as one POST makes it. One type for each command, so that a guard narrows it. */
export type CaseRequest<C extends Command = Command> = C extends Command ? RequestFor<C> : never;

type RequestFor<C> = {
  /** The key by which a repetition is recognised. It names the timeline too. */
  readonly idempotency: IdempotentRequest;
  readonly actor: Actor;
  readonly traceparent: string | undefined;
  readonly command: C;
  /** Further commands on the same case, in the same transaction. One that is refused is left out: the request stands. */
  readonly followUps?: readonly CaseCommand[];
  /** True of `POST /v1/contacts`: its answer says whether the contact joined a case. */
  readonly isContact?: boolean;
  /** The case as the company reads it, where its part has ended. */
  readonly endedView?: CaseState | undefined;
};

export type Command = OpenCommand | ChangeCommand | MergeCommand;

/** Opens a case. `follows`: the ended case that the new one is about. */
export type OpenCommand = {
  readonly type: "open";
  readonly body: OpenCaseRequest;
  readonly follows?: string | undefined;
};

/** Changes a case. */
export type ChangeCommand = { readonly type: "change"; readonly caseId: string; readonly change: CaseChange };

/** Merges a case into another. */
export type MergeCommand = {
  readonly type: "merge";
  readonly caseId: string;
  readonly into: string;
  readonly reason: string;
  readonly reading: ClockReading;
};

/** The clocks of a case as the timer reports them, and how many of the case's events it had applied by then. */
export type ClockReading = { readonly clocks: readonly CarriedClock[]; readonly asOf: number };

/** A command on a case as a request states it: without the parts that intake reads from its own tables. */
export type CaseChange = WithoutFindings<CaseCommand>;

type WithoutFindings<C> = C extends { type: "cross" }
  ? Omit<C, "observing">
  : C extends { type: "add-entry" }
    ? Omit<C, "news" | "tried">
    : C extends { type: "move" }
      ? Omit<C, "to"> & { readonly line: string; readonly version?: number | undefined }
      : C extends { type: "correct" }
        ? Omit<C, "feasibility">
        : C;

export function isOpening(request: CaseRequest): request is CaseRequest<OpenCommand> {
  return request.command.type === "open";
}

export function isMerge(request: CaseRequest): request is CaseRequest<MergeCommand> {
  return request.command.type === "merge";
}

/** The cases that a command changes and that exist already, by their ids. */
export function casesOf(command: Command): readonly string[] {
  switch (command.type) {
    case "open":
      return [];
    case "change":
      return [command.caseId];
    case "merge":
      return [command.caseId, command.into];
  }
}
