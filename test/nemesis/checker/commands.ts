import type { CommandResponse, CommandRequest } from "../history.ts";
import type { CaseFile, CaseEvent } from "./case-file.ts";
import type { Finding } from "./findings.ts";

export type Command = { readonly request: CommandRequest; readonly response: CommandResponse | undefined };

/** The event that an accepted command causes. */
const eventOf: Readonly<Record<CommandRequest["op"], string>> = {
  open: "case.opened",
  close: "case.closed",
  solve: "case.resolved",
  contact: "case.contacted",
  entry: "entry.added",
  end: "handling.ended",
  claim: "handoff.claimed",
  accept: "handoff.accepted",
  resolve: "handoff.resolved",
  confirm: "case.confirmed",
};

/** Returns whether an event belongs to the command. */
type EventTest = (event: CaseEvent) => boolean;

/**
 * Checks that each accepted command has one event with the response's time, and each refused command has none. A command with
 * an unknown outcome may or may not have an event.
 */
export function checkCommands(commands: Iterable<Command>, files: ReadonlyMap<string, CaseFile>): Finding[] {
  const findings: Finding[] = [];
  const marks = new Map<string, { readonly caseId: string; readonly count: number }>();
  for (const { caseId, events } of files.values()) {
    for (const { mark, type } of events) {
      if (mark === "" || (type !== "case.opened" && type !== "entry.added")) continue;
      marks.set(mark, { caseId, count: (marks.get(mark)?.count ?? 0) + 1 });
    }
  }
  for (const command of commands) {
    const finding = checkCommand(command, files, marks);
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

type Marks = ReadonlyMap<string, { readonly caseId: string; readonly count: number }>;

function checkCommand(
  { request, response }: Command,
  files: ReadonlyMap<string, CaseFile>,
  marks: Marks,
): Finding | undefined {
  const { op, mark = "" } = request;
  const status = response?.status;
  const marked = marks.get(mark);
  const caseId = marked?.caseId ?? request.caseId ?? response?.caseId ?? "";
  if (marked !== undefined && marked.count > 1)
    return { kind: "doubled-command", caseId, what: `${op} ${mark} took effect ${marked.count} times` };
  if (status === undefined) return undefined;
  if (status >= 400) {
    const what = `${op} ${mark} was refused with ${status} ${response?.code ?? ""} and still took effect`;
    return marked === undefined ? undefined : { kind: "refused-trace", caseId, what };
  }
  const isIts: EventTest = ({ mark: of, id, type }) =>
    type === eventOf[op] &&
    (mark === "" || of === mark) &&
    (op !== "contact" || id === response?.id) &&
    (request.handoffId === undefined || id === request.handoffId);
  const event = files.get(response?.caseId ?? caseId)?.events.find(isIts);
  if (event === undefined)
    return {
      kind: "lost-command",
      caseId,
      what: `${op} ${mark} was accepted with ${status} and has no ${eventOf[op]}`,
    };
  const time = response?.time;
  if (time !== undefined && time !== event.time && op !== "claim")
    return {
      kind: "wrong-answer",
      caseId,
      what: `the response to ${op} differs from its event's time by ${time - event.time} ms`,
    };
  return undefined;
}

const isOp =
  (...ops: readonly CommandRequest["op"][]) =>
  ({ op }: CommandRequest): boolean =>
    ops.includes(op);
const says =
  (content: string) =>
  (request: CommandRequest): boolean =>
    request.op === "contact" && request.content === content;
const confirms = (request: CommandRequest): boolean => isOp("confirm")(request) || says("works")(request);

/** The commands that can cause an event of a type. Automatic closings have their own check. */
const leadTo: readonly (readonly [type: string, (request: CommandRequest) => boolean])[] = [
  ["case.contacted", isOp("contact")],
  ["case.resolved", isOp("solve", "resolve")],
  ["case.reopened", says("still-broken")],
  ["case.closed", (request) => isOp("close")(request) || confirms(request)],
  ["handoff.accepted", isOp("accept")],
  ["handoff.resolved", isOp("resolve")],
  ["case.confirmed", confirms],
];

/**
 * Finds events without a command. Compares the number of a case's events of one type with the number of commands that
 * intake accepted or may have accepted.
 */
export function checkCounts(file: CaseFile, commands: readonly Command[]): Finding[] {
  const findings: Finding[] = [];
  for (const [type, mayLeadToIt] of leadTo) {
    const count = file.events.filter((event) => event.type === type && event.reason !== "confirmation-lapsed").length;
    const may = commands.filter(
      ({ request, response }) => mayLeadToIt(request) && (response?.status ?? 0) < 400,
    ).length;
    if (count <= may) continue;
    const kind = may === 0 ? "refused-trace" : "doubled-command";
    findings.push({ kind, caseId: file.caseId, what: `${count} ${type} for ${may} accepted` });
  }
  return findings;
}
