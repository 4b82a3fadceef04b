import type { Answered, Asked } from "../history.ts";
import type { CaseFile, Fact } from "./case-file.ts";
import type { Finding } from "./findings.ts";

export type Command = { readonly asked: Asked; readonly answered: Answered | undefined };

/** The fact that an accepted command leads to. */
const factOf: Readonly<Record<Asked["op"], string>> = {
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

/** What of a fact names its command, where anything does. */
type Wanted = (fact: Fact) => boolean;

/**
 * What was accepted must have its fact, once, with the answer's time; what was refused must have none. What nobody knows the
 * outcome of may have one.
 */
export function judgeCommands(commands: Iterable<Command>, files: ReadonlyMap<string, CaseFile>): Finding[] {
  const findings: Finding[] = [];
  const marks = new Map<string, { readonly caseId: string; readonly count: number }>();
  for (const { caseId, facts } of files.values()) {
    for (const { mark, type } of facts) {
      if (mark === "" || (type !== "case.opened" && type !== "entry.added")) continue;
      marks.set(mark, { caseId, count: (marks.get(mark)?.count ?? 0) + 1 });
    }
  }
  for (const command of commands) {
    const finding = judge(command, files, marks);
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

type Marks = ReadonlyMap<string, { readonly caseId: string; readonly count: number }>;

function judge({ asked, answered }: Command, files: ReadonlyMap<string, CaseFile>, marks: Marks): Finding | undefined {
  const { op, mark = "" } = asked;
  const status = answered?.status;
  const found = marks.get(mark);
  const caseId = found?.caseId ?? asked.caseId ?? answered?.caseId ?? "";
  if (found !== undefined && found.count > 1)
    return { kind: "doubled-command", caseId, what: `${op} ${mark} took effect ${found.count} times` };
  if (status === undefined) return undefined;
  if (status >= 400) {
    const what = `${op} ${mark} was refused with ${status} ${answered?.code ?? ""} and took effect all the same`;
    return found === undefined ? undefined : { kind: "refused-trace", caseId, what };
  }
  const isIts: Wanted = ({ mark: of, id, type }) =>
    type === factOf[op] &&
    (mark === "" || of === mark) &&
    (op !== "contact" || id === answered?.id) &&
    (asked.handoffId === undefined || id === asked.handoffId);
  const fact = files.get(answered?.caseId ?? caseId)?.facts.find(isIts);
  if (fact === undefined)
    return { kind: "lost-command", caseId, what: `${op} ${mark} was accepted with ${status} and has no ${factOf[op]}` };
  const time = answered?.time;
  if (time !== undefined && time !== fact.time && op !== "claim")
    return { kind: "wrong-answer", caseId, what: `${op} was answered ${time - fact.time} ms beside its fact's time` };
  return undefined;
}

const isOp =
  (...ops: readonly Asked["op"][]) =>
  ({ op }: Asked): boolean =>
    ops.includes(op);
const says =
  (content: string) =>
  (asked: Asked): boolean =>
    asked.op === "contact" && asked.content === content;
const confirms = (asked: Asked): boolean => isOp("confirm")(asked) || says("works")(asked);

/** Which commands can lead to a fact. A case that closes by itself is judged elsewhere. */
const leadTo: readonly (readonly [type: string, (asked: Asked) => boolean])[] = [
  ["case.contacted", isOp("contact")],
  ["case.resolved", isOp("solve", "resolve")],
  ["case.reopened", says("still-broken")],
  ["case.closed", (asked) => isOp("close")(asked) || confirms(asked)],
  ["handoff.accepted", isOp("accept")],
  ["handoff.resolved", isOp("resolve")],
  ["case.confirmed", confirms],
];

/** Facts for which nobody asked: more of a type than commands that were accepted, or may have been. */
export function judgeCounts(file: CaseFile, commands: readonly Command[]): Finding[] {
  const findings: Finding[] = [];
  for (const [type, mayLeadToIt] of leadTo) {
    const count = file.facts.filter((fact) => fact.type === type && fact.reason !== "confirmation-lapsed").length;
    const may = commands.filter(({ asked, answered }) => mayLeadToIt(asked) && (answered?.status ?? 0) < 400).length;
    if (count <= may) continue;
    const kind = may === 0 ? "refused-trace" : "doubled-command";
    findings.push({ kind, caseId: file.caseId, what: `${count} ${type} for ${may} accepted` });
  }
  return findings;
}
