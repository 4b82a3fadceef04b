import { type Instant, type Message, topics } from "@crossline/contracts";
import { addToTail, applyTimerOrder, createLostCase, openCase, markRecordsMissing } from "../rules/index.ts";
import type { LoadedCase } from "../commands/report.ts";
import type { CaseInput } from "./case-input.ts";
import { type JudgeFiringDeps, judgeFiring, reportOrder } from "./judge-firing.ts";

export type AuditRecordDeps = JudgeFiringDeps & {
  readonly now: Instant;
  /** Cases whose records Kafka has deleted, or may have deleted, before the auditor read them. */
  readonly marked: ReadonlySet<string>;
};

/**
 * Audits one record of a case. A case or hand-off record goes to the tail, and waits there until a clock event publishes its place in
 * the timer's order. The function compares a firing with the expected firings.
 */
export function auditRecord(loaded: LoadedCase | undefined, event: CaseInput, deps: AuditRecordDeps): LoadedCase {
  if (loaded === undefined) return startAudit(event, deps);
  const { state } = loaded;
  if (state.lost === true) {
    if (event.type === "clock.warned" || event.type === "clock.breached")
      deps.report.count(loaded.partition, "unaudited", event.data.kind);
    return loaded;
  }
  reportGap(loaded, event, deps);
  if (deps.marked.has(state.caseId)) markRecordsMissing(state, event.time);
  switch (event.type) {
    case "clock.warned":
    case "clock.breached":
      judgeFiring(loaded, event, deps);
      state.read.clock = event.sequence;
      break;
    case "clock.overtaken":
    case "clock.recomputed":
    case "handling.silent":
      if (event.type === "clock.overtaken") deps.report.count(loaded.partition, "overtaken", event.data.kind);
      if (applyTimerOrder(state, event, deps.lines.get) === "impossible") reportOrder(loaded, event, deps.report);
      state.read.clock = event.sequence;
      break;
    default:
      addToTail(state, event, deps.now, deps.lines.get);
  }
  return loaded;
}

function startAudit(event: CaseInput, { lines, report }: AuditRecordDeps): LoadedCase {
  const { partition } = event;
  if (event.type !== "case.opened") {
    const lost = { state: createLostCase(event), partition, auditSequence: 0 };
    report.addFinding(lost, {
      kind: "gap",
      clock: "record",
      at: event.time,
      data: { topic: topics.case, from: 1, to: 1 },
    });
    return lost;
  }
  const line = lines.get(event.data.line);
  const opened = { state: openCase(event, line), partition, auditSequence: 0 };
  if (line.unaudited.length > 0)
    report.addUnaudited(opened, event.time, { line: event.data.line, clocks: [...line.unaudited] });
  return opened;
}

const nouns = { [topics.case]: "case", [topics.handoff]: "handoff", [topics.clock]: "clock" } as const;

/**
 * Reports a gap in the sequences of a topic. The judge reports the firings of missing clock events as missed. If case or hand-off
 * records are missing, the timer's order is unknown, and the judge reports no missed firing.
 */
function reportGap(loaded: LoadedCase, { topic, sequence, time }: Message, { report }: AuditRecordDeps): void {
  const { state } = loaded;
  const noun = nouns[topic as keyof typeof nouns];
  const from = state.read[noun] + 1;
  if (sequence <= from) return;
  report.addFinding(loaded, { kind: "gap", clock: "record", at: time, data: { topic, from, to: sequence - 1 } });
  if (noun === "clock") state.isFactMissing = true;
  else markRecordsMissing(state, time);
}
