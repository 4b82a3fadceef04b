import { type CommandOptions, commandCase } from "../verbs/case-command.ts";

export type NoteOptions = CommandOptions & {
  readonly kind?: string;
  readonly audience?: string;
  readonly byCustomer?: boolean;
};
export type StepOptions = CommandOptions & { readonly text?: string; readonly again?: string };
export type ContactOptions = CommandOptions & { readonly content?: string; readonly outbound?: boolean };
export type CrossOptions = CommandOptions & { readonly reason?: string };
export type TakeOptions = CommandOptions & { readonly name: string; readonly contact: string };
export type ResolveOptions = CommandOptions & {
  readonly fix: string;
  readonly rootCause?: string;
  readonly note?: string;
};
export type CloseOptions = CommandOptions & { readonly note?: string };
export type PromiseOptions = CommandOptions & { readonly until: string; readonly from?: string; readonly for?: string };

/** Runs `case note`. */
export function addNote(id: string, text: string, options: NoteOptions): Promise<number> {
  const { kind = "note", audience, byCustomer } = options;
  const body = {
    kind,
    text,
    ...(audience !== undefined && { audience }),
    ...(byCustomer === true && { by: "customer" }),
  };
  return commandCase(id, { path: "entries", body, done: `the ${kind} is added` }, options);
}

/** Runs `case step`. */
export function addStep(
  id: string,
  step: { readonly name: string; readonly outcome: string },
  options: StepOptions,
): Promise<number> {
  const { text, again } = options;
  const body = {
    kind: "step-tried",
    step: { ...step, parameters: {} },
    ...(text !== undefined && { text }),
    ...(again !== undefined && { again }),
  };
  return commandCase(id, { path: "entries", body, done: `the step ${step.name} is recorded` }, options);
}

/** Runs `case contact`. */
export function addContact(id: string, channel: string, options: ContactOptions): Promise<number> {
  const { content, outbound } = options;
  const body = {
    channel,
    ...(content !== undefined && { content }),
    ...(outbound === true && { direction: "outbound" }),
  };
  return commandCase(id, { path: "contacts", body, done: "the contact is recorded" }, options);
}

/** Runs `case cross`. The request names the version of the case that the verb has just read. */
export function crossCase(id: string, options: CrossOptions): Promise<number> {
  const { reason } = options;
  const body = (asOf: number) => ({ asOf, ...(reason !== undefined && { reason }) });
  return commandCase(id, { path: "crossings", body, done: "the crossing is requested" }, options);
}

/** Runs `case take`. */
export function takeCase(id: string, options: TakeOptions): Promise<number> {
  const { name, contact } = options;
  return commandCase(
    id,
    { path: "take", body: { engineer: { name, contact } }, done: `${name} has the case` },
    options,
  );
}

/** Runs `case resolve`. */
export function resolveCase(id: string, options: ResolveOptions): Promise<number> {
  const { fix: fixCode, rootCause, note } = options;
  const body = {
    status: "resolved",
    fixCode,
    ...(rootCause !== undefined && { rootCause }),
    ...(note !== undefined && { note }),
  };
  return commandCase(id, { path: "status", body, done: `the fix is ${fixCode}` }, options);
}

/** Runs `case confirm`. */
export function confirmCase(id: string, options: CommandOptions): Promise<number> {
  return commandCase(id, { path: "confirm", body: {}, done: "the customer confirms the fix" }, options);
}

/** Runs `case reopen`. */
export function reopenCase(
  id: string,
  body: { readonly code: string; readonly reason: string },
  options: CommandOptions,
): Promise<number> {
  return commandCase(id, { path: "reopen", body, done: "the case is open again" }, options);
}

/** Runs `case close`. */
export function closeCase(id: string, options: CloseOptions): Promise<number> {
  const { note } = options;
  const body = note === undefined ? {} : { note };
  return commandCase(id, { path: "close", body, done: "the case is closed" }, options);
}

/** Runs `case promise`. */
export function makePromise(id: string, text: string, options: PromiseOptions): Promise<number> {
  const { until, from, for: meets } = options;
  const body = { text, until, ...(from !== undefined && { from }), ...(meets !== undefined && { for: meets }) };
  return commandCase(id, { path: "promises", body, done: "the promise is recorded" }, options);
}

/** Runs `case deliver`. */
export function deliverPromise(
  id: string,
  { promise, evidence }: { readonly promise: string; readonly evidence: string },
  options: CommandOptions,
): Promise<number> {
  const path = `promises/${encodeURIComponent(promise)}/delivered`;
  return commandCase(id, { path, body: { evidence }, done: "the promise is kept" }, options);
}
