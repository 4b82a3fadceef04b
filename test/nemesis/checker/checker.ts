import type { Answered, Entry, FaultNote, Seen, Setting, Trimmed, Viewed } from "../history.ts";
import { type CaseFile, type Firing, addRecord, newCaseFile } from "./case-file.ts";
import { type Command, judgeCommands, judgeCounts } from "./commands.ts";
import { judgeClosings } from "./closings.ts";
import type { Excused, Finding } from "./findings.ts";
import { judgeAwakening, judgeTimer } from "./firings.ts";
import { excuseOfOffer, excuseOfTimes, judgeOffers, judgeTimes } from "./handoffs.ts";
import { lossesOf } from "./losses.ts";
import { type Announced, excusedHooks } from "./webhooks.ts";

export type Verdict = {
  readonly findings: readonly Finding[];
  /** What a record explains that was deleted before a service had read it. */
  readonly excused: readonly Excused[];
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
    /** Records that were deleted unread, and what they excuse. */
    readonly trimmed: number;
    readonly excused: number;
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
  readonly announced: Map<string, Announced>;
  readonly audit: Map<string, number>;
  readonly views: Viewed[];
  readonly trims: Trimmed[];
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
    announced: new Map(),
    audit: new Map(),
    views: [],
    trims: [],
    faults: [],
  };
  return {
    add: (entry: Entry): void => add(evidence, entry),
    verdict: (): Verdict => conclude(evidence),
  };
}

function add(evidence: Evidence, entry: Entry): void {
  const { commands, hooks, views, trims, faults } = evidence;
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
    case "trim":
      return void trims.push(entry);
    case "fault":
      return void faults.push(entry);
    case "ended":
      return void (evidence.settledAt = entry.settledAt);
  }
}

function addSeen(evidence: Evidence, record: Seen): void {
  const { offsets, findings, files, audit, announced, setting } = evidence;
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
  if (setting?.subscribed.includes(type) === true && !announced.has(record.id)) announced.set(record.id, record);
}

function conclude(evidence: Evidence): Verdict {
  const { files, commands, hooks, views, faults, trims, settledAt, records, repeated } = evidence;
  const setting = required(evidence.setting);
  const heard = hooks.get(setting.receiver) ?? new Set();
  const losses = lossesOf(trims);
  const findings = [...evidence.findings, ...judgeCommands(commands.values(), files)];
  const excused: Excused[] = [];
  /** Findings of one kind of thing, which one lost record excuses, if any. */
  const sort = (found: readonly Finding[], lost: string | undefined): void => {
    if (lost === undefined) findings.push(...found);
    else excused.push(...found.map((finding) => ({ ...finding, lost })));
  };
  const byCase = Map.groupBy(commands.values(), ({ asked, answered }) => asked.caseId ?? answered?.caseId ?? "");
  const tally = { races: 0, crossingRaces: 0, closings: 0, closingRaces: 0 };
  for (const file of files.values()) {
    const clocks = setting.lines[file.line ?? ""] ?? [];
    const judged = judgeTimer(file, clocks, settledAt - graceMs, losses);
    const closed = judgeClosings(file, clocks, settledAt - graceMs, { timer: judged.timer, losses });
    tally.closings += closed.closings;
    tally.closingRaces += closed.races;
    tally.races += judged.races;
    tally.crossingRaces += judged.crossingRaces;
    findings.push(...judged.findings, ...judgeAwakening(file, losses.times("timer")), ...closed.findings);
    findings.push(...judgeCounts(file, byCase.get(file.caseId) ?? []));
    excused.push(...judged.excused, ...closed.excused);
    sort(judgeOffers(file), excuseOfOffer(file, losses));
  }
  for (const view of views) {
    const file = files.get(view.caseId); // One that no consumer ever heard of is found as a lost command.
    if (file !== undefined) sort(judgeTimes(file, view, setting.vendor), excuseOfTimes(file, losses));
  }
  const untold = excusedHooks([...evidence.announced.values()], trims);
  for (const { id, key } of evidence.announced.values()) {
    if (!heard.has(id)) sort([{ kind: "lost-webhook", caseId: key, what: id }], untold.get(id));
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
    ...tally,
    offers: [...files.values()].reduce((sum, { offers }) => sum + offers.size, 0),
    webhooks: heard.size,
    views: views.length,
    trimmed: losses.records,
    excused: excused.length,
  };
  return { findings, excused, counts, firings, faults, audit: evidence.audit };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the history is not whole: an entry has no beginning");
  return value;
}
