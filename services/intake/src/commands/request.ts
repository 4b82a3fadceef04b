import type { Actor, CarriedClock, EventData, MessageOrigin, OpenCaseRequest } from "@crossline/contracts";
import type { CaseCommand, CaseState } from "@crossline/domain";
import type { IdempotentRequest } from "@crossline/idempotency";
import type { InboundMail } from "./inbound-mail.ts";

/** A company's POST request about cases. The type parameter is the type of the command, so that a type guard can narrow the request. */
export type CaseRequest<C extends Command = Command> = C extends Command ? RequestFor<C> : never;

type RequestFor<C> = {
  /** The idempotency key and the timeline to which it belongs. */
  readonly idempotency: IdempotentRequest;
  readonly actor: Actor;
  /** The trace and the sender of the request. A request without a sender, for example a mail, is no command of a company. */
  readonly origin: MessageOrigin;
  readonly command: C;
  /**
   * Commands that intake executes on the same case after `command`, in the same transaction. If the domain refuses a follow-up
   * command, intake skips the command, and the request still succeeds.
   */
  readonly followUps?: readonly CaseCommand[];
  /** True for `POST /v1/contacts`, whose response also reports whether the contact joined a case. */
  readonly isContact?: boolean;
  /** The ended view of the case, if the company is a former vendor. */
  readonly endedView?: CaseState | undefined;
  /** The mail from which the request comes. Intake adds its content to the case in the same transaction. */
  readonly mail?: InboundMail | undefined;
};

export type Command = OpenCommand | ChangeCommand | MergeCommand;

/**
 * Opens a case. `follows` is the id of an ended case with the same device or customer. `canary` is present if a canary opens the case.
 */
export type OpenCommand = {
  readonly type: "open";
  readonly body: OpenCaseRequest;
  readonly follows?: string | undefined;
  readonly canary?: EventData<"case.opened">["canary"] | undefined;
};

/** Changes a case. */
export type ChangeCommand = { readonly type: "change"; readonly caseId: string; readonly change: CaseChange };

/** Merges a case into another case. */
export type MergeCommand = {
  readonly type: "merge";
  readonly caseId: string;
  readonly into: string;
  readonly reason: string;
  readonly reading: ClockReading;
};

/**
 * The clocks of a case as the timer reported them. `asOf` is the number of the case's events that the timer had applied before its
 * report.
 */
export type ClockReading = { readonly clocks: readonly CarriedClock[]; readonly asOf: number };

/** A change of a case that contains only the data of the request. Intake later adds data of its own tables to the change. */
export type CaseChange = WithoutStoredData<CaseCommand>;

type WithoutStoredData<C> = C extends { type: "cross" | "lead-incident" }
  ? Omit<C, "observing">
  : C extends { type: "add-entry" }
    ? Omit<C, "news" | "tried">
    : C extends { type: "move" }
      ? Omit<C, "to"> & { readonly line: string; readonly version?: number | undefined }
      : C extends { type: "correct" }
        ? Omit<C, "feasibility">
        : C extends { type: "link-change" }
          ? Omit<C, "link"> & { readonly changeId: string }
          : C;

export function isOpening(request: CaseRequest): request is CaseRequest<OpenCommand> {
  return request.command.type === "open";
}

export function isMerge(request: CaseRequest): request is CaseRequest<MergeCommand> {
  return request.command.type === "merge";
}

/** Returns the ids of the stored cases that a command changes. */
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
