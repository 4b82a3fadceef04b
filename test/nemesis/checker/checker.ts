import type { Answered, Entry, FaultNote, Seen, Setting, Viewed } from "../history.ts";
import { type CaseFile, type Firing, addRecord, newCaseFile } from "./case-file.ts";
import { type Command, judgeCommands, judgeCounts } from "./commands.ts";
import type { Finding } from "./findings.ts";
import { judgeFirings } from "./firings.ts";
import { judgeClosings } from "./closings.ts";
import { judgeOffers, judgeTimes } from "./handoffs.ts";

export type Verdict = {
  readonly findings: readonly Finding[];
  readonly counts: {
    readonly cases: number;
    readonly commands: number;
    readonly refused: number;
    /** Commands that nobody knows the outcome of. */
    readonly unknown: number;
    readonly records: number;
    /** Records that came again, word for word. */
    readonly repeated: number;
    readonly firings: number;
    /** Firings that something in time was just too late to stop, and those of them that made a case cross. */
    readonly races: number;
    readonly crossingRaces: number;
    /** Cases that closed by themselves; and breaches of that clock which an inquiry, or an answer, at intake has outrun. */
    readonly closings: number;
    readonly closingRaces: number;
    readonly offers: number;
    readonly webhooks: number;
    readonly views: number;
  };
  readonly firings: readonly Firing[];
  readonly faults: readonly FaultNote[];
  /** What the system's own auditor said, by type, where one ran. */
  readonly audit: ReadonlyMap<string, number>;
};

/** What is due so shortly before the end need not have been seen. */
const graceMs = 5_000;

/** Everything that the entries say, sorted. */
type Evidence = {
  setting: Setting | undefined;
  settledAt: number;
  records: number;
  repeated: number;
  readonly findings: Finding[];
  readonly files: Map<string, CaseFile>;
  readonly commands: Map<number, { asked: Command["asked"]; answered: Answered | undefined }>;
  readonly offsets: Map<string, number>;
  readonly hooks: Map<string, Set<string>>;
  readonly expectedHooks: Set<string>;
  readonly audit: Map<string, number>;
  readonly views: Viewed[];
  readonly faults: FaultNote[];
};

/**
 * Judges a run by its history alone: feed it every entry, in order, then ask for the verdict. It knows the rules of the
 * load's clocks by its own arithmetic, and shares no code with the system.
 */
export function createChecker() {
  const evidence: Evidence = {
    setting: undefined,
    settledAt: Infinity,
    records: 0,
    repeated: 0,
    findings: [],
    files: new Map(),
    commands: new Map(),
    offsets: new Map(),
    hooks: new Map(),
    expectedHooks: new Set(),
    audit: new Map(),
    views: [],
    faults: [],
  };
  return {
    add: (entry: Entry): void => add(evidence, entry),
    verdict: (): Verdict => conclude(evidence),
  };
}

function add(evidence: Evidence, entry: Entry): void {
  const { commands, hooks, views, faults } = evidence;
  switch (entry.e) {
    case "setting":
      return void (evidence.setting = entry);
    case "asked":
      return void commands.set(entry.n, { asked: entry, answered: undefined });
    case "answered":
      return void commands.set(entry.n, { ...required(commands.get(entry.n)), answered: entry });
    case "record":
      return addSeen(evidence, entry);
    case "webhook":
      return void hooks.set(entry.receiver, (hooks.get(entry.receiver) ?? new Set()).add(entry.id));
    case "view":
      return void views.push(entry);
    case "fault":
      return void faults.push(entry);
    case "ended":
      return void (evidence.settledAt = entry.settledAt);
  }
}

function addSeen(evidence: Evidence, record: Seen): void {
  const { offsets, findings, files, audit, expectedHooks, setting } = evidence;
  const { topic, partition, offset, key, type } = record;
  const place = `${topic}/${partition}`;
  const next = offsets.get(place) ?? offset;
  if (offset < next) return; // Our own consumer read it twice.
  const what = `${offset - next} records of ${place} were not read`;
  if (offset > next) findings.push({ kind: "unread", caseId: key, what });
  offsets.set(place, offset + 1);
  if (type.startsWith("audit.")) return void audit.set(type, (audit.get(type) ?? 0) + 1);
  if (!key.startsWith("cs_")) return;
  evidence.records++;
  const file = files.get(key) ?? newCaseFile(key);
  files.set(key, file);
  const added = addRecord(file, record);
  findings.push(...added.findings);
  if (added.isRepeated) evidence.repeated++;
  if (setting?.subscribed.includes(type) === true) expectedHooks.add(record.id);
}

function conclude(evidence: Evidence): Verdict {
  const { files, commands, hooks, expectedHooks, views, faults, settledAt, records, repeated } = evidence;
  const setting = required(evidence.setting);
  const heard = hooks.get(setting.receiver) ?? new Set();
  const findings = [...evidence.findings, ...judgeCommands(commands.values(), files)];
  const byCase = Map.groupBy(commands.values(), ({ asked, answered }) => asked.caseId ?? answered?.caseId ?? "");
  let races = 0;
  let crossingRaces = 0;
  let closings = 0;
  let closingRaces = 0;
  for (const file of files.values()) {
    const judged = judgeFirings(file, setting.lines[file.line ?? ""] ?? [], settledAt - graceMs);
    const closed = judgeClosings(file, setting.lines[file.line ?? ""] ?? [], settledAt - graceMs);
    closings += closed.closings;
    closingRaces += closed.races;
    races += judged.races;
    crossingRaces += judged.crossingRaces;
    findings.push(
      ...judged.findings,
      ...closed.findings,
      ...judgeOffers(file),
      ...judgeCounts(file, byCase.get(file.caseId) ?? []),
    );
  }
  for (const view of views) {
    const file = files.get(view.caseId); // One that no consumer ever heard of is found as a lost command.
    if (file !== undefined) findings.push(...judgeTimes(file, view, setting.vendor));
  }
  for (const id of expectedHooks) {
    if (!heard.has(id)) findings.push({ kind: "lost-webhook", caseId: id.split("/")[1] ?? "", what: id });
  }
  const outcomes = [...commands.values()].map(({ answered }) => answered?.status);
  const firings = [...files.values()].flatMap((file) => file.firings);
  const counts = {
    cases: files.size,
    commands: outcomes.length,
    refused: outcomes.filter((status) => status !== undefined && status >= 400).length,
    unknown: outcomes.filter((status) => status === undefined).length,
    records,
    repeated,
    firings: firings.length,
    races,
    crossingRaces,
    closings,
    closingRaces,
    offers: [...files.values()].reduce((sum, { offers }) => sum + offers.size, 0),
    webhooks: heard.size,
    views: views.length,
  };
  return { findings, counts, firings, faults, audit: evidence.audit };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the history is not whole: an entry has no beginning");
  return value;
}
