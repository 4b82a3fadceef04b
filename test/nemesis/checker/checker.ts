import type { CommandResponse, Entry, FaultNote, SeenRecord, RunSetting, TrimNote, CaseView } from "../history.ts";
import { type CaseFile, type Firing, addRecord, newCaseFile } from "./case-file.ts";
import { type Command, checkCommands, checkCounts } from "./commands.ts";
import { checkClosings } from "./closings.ts";
import type { ExcusedFinding, Finding } from "./findings.ts";
import { checkAwakening, checkTimer } from "./firings.ts";
import { excuseOfOffer, excuseOfTimes, checkOffers, checkTimes } from "./handoffs.ts";
import { lossesOf } from "./losses.ts";
import { type SubscribedRecord, excusedWebhooks } from "./webhooks.ts";

export type Verdict = {
  readonly findings: readonly Finding[];
  /** Findings that a lost record excuses. */
  readonly excused: readonly ExcusedFinding[];
  readonly counts: {
    readonly cases: number;
    readonly commands: number;
    readonly refused: number;
    /** Commands with an unknown outcome. */
    readonly unknown: number;
    readonly records: number;
    /** Identical repetitions of records. */
    readonly repeated: number;
    readonly firings: number;
    /**
     * The number of firings that an event before the deadline would have prevented, if the event had reached the timer
     * in time. `crossingRaces` is the number of these firings after which a case crossed.
     */
    readonly races: number;
    readonly crossingRaces: number;
    /**
     * The number of cases that closed automatically. `closingRaces` counts the breaches that intake read only after an
     * inquiry or an answer.
     */
    readonly closings: number;
    readonly closingRaces: number;
    readonly offers: number;
    readonly webhooks: number;
    readonly views: number;
    /** Records that were deleted unread, and the findings that they excuse. */
    readonly trimmed: number;
    readonly excused: number;
  };
  readonly firings: readonly Firing[];
  readonly faults: readonly FaultNote[];
  /** The number of events that the system's own auditor published, by type. Empty without an auditor. */
  readonly audit: ReadonlyMap<string, number>;
};

/** A firing may be missing if it was due less than this time before the end of the run. */
const graceMs = 5_000;

/** The entries, grouped for the checks. */
type Evidence = {
  setting: RunSetting | undefined;
  settledAt: number;
  records: number;
  repeated: number;
  readonly findings: Finding[];
  readonly files: Map<string, CaseFile>;
  readonly commands: Map<number, { request: Command["request"]; response: CommandResponse | undefined }>;
  readonly offsets: Map<string, number>;
  readonly hooks: Map<string, Set<string>>;
  readonly subscribedRecords: Map<string, SubscribedRecord>;
  readonly audit: Map<string, number>;
  readonly views: CaseView[];
  readonly trims: TrimNote[];
  readonly faults: FaultNote[];
};

/**
 * Returns a checker that judges a run by its history alone. Add every entry in order, then request the verdict. The
 * checker calculates the clocks of the load itself and shares no code with the system.
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
    subscribedRecords: new Map(),
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
      return void commands.set(entry.n, { request: entry, response: undefined });
    case "answered":
      return void commands.set(entry.n, { ...required(commands.get(entry.n)), response: entry });
    case "record":
      return addRecordEntry(evidence, entry);
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

function addRecordEntry(evidence: Evidence, record: SeenRecord): void {
  const { offsets, findings, files, audit, subscribedRecords, setting } = evidence;
  const { topic, partition, offset, key, type } = record;
  const place = `${topic}/${partition}`;
  const next = offsets.get(place) ?? offset;
  if (offset < next) return; // The witness read the record twice.
  const what = `${offset - next} records of ${place} were not read`;
  if (offset > next) findings.push({ kind: "unread", caseId: key, what });
  offsets.set(place, offset + 1);
  if (type === "audit.forged")
    findings.push({ kind: "false-forgery", caseId: key, what: `the auditor reported the forged record ${record.id}` });
  if (type.startsWith("audit.")) return void audit.set(type, (audit.get(type) ?? 0) + 1);
  if (!key.startsWith("cs_")) return;
  evidence.records++;
  const file = files.get(key) ?? newCaseFile(key);
  files.set(key, file);
  const added = addRecord(file, record);
  findings.push(...added.findings);
  if (added.isRepeated) evidence.repeated++;
  if (setting?.subscribed.includes(type) === true && !subscribedRecords.has(record.id))
    subscribedRecords.set(record.id, record);
}

function conclude(evidence: Evidence): Verdict {
  const { files, commands, hooks, views, faults, trims, settledAt, records, repeated } = evidence;
  const setting = required(evidence.setting);
  const delivered = hooks.get(setting.receiver) ?? new Set();
  const losses = lossesOf(trims);
  const findings = [...evidence.findings, ...checkCommands(commands.values(), files)];
  const excused: ExcusedFinding[] = [];
  /** Adds the findings of one check, or excuses those that a lost record explains. */
  const sort = (fromCheck: readonly Finding[], lost: string | undefined): void => {
    if (lost === undefined) findings.push(...fromCheck);
    else excused.push(...fromCheck.map((finding) => ({ ...finding, lost })));
  };
  const byCase = Map.groupBy(commands.values(), ({ request, response }) => request.caseId ?? response?.caseId ?? "");
  const tally = { races: 0, crossingRaces: 0, closings: 0, closingRaces: 0 };
  for (const file of files.values()) {
    const clocks = setting.lines[file.line ?? ""] ?? [];
    const timerVerdict = checkTimer(file, clocks, settledAt - graceMs, losses);
    const closingVerdict = checkClosings(file, clocks, settledAt - graceMs, { timer: timerVerdict.timer, losses });
    tally.closings += closingVerdict.closings;
    tally.closingRaces += closingVerdict.races;
    tally.races += timerVerdict.races;
    tally.crossingRaces += timerVerdict.crossingRaces;
    findings.push(...timerVerdict.findings, ...checkAwakening(file, losses.times("timer")), ...closingVerdict.findings);
    findings.push(...checkCounts(file, byCase.get(file.caseId) ?? []));
    excused.push(...timerVerdict.excused, ...closingVerdict.excused);
    sort(checkOffers(file), excuseOfOffer(file, losses));
  }
  for (const view of views) {
    const file = files.get(view.caseId); // If the witness read no record of the case, the finding is a lost command.
    if (file !== undefined) sort(checkTimes(file, view, setting.vendor), excuseOfTimes(file, losses));
  }
  const excuses = excusedWebhooks([...evidence.subscribedRecords.values()], trims);
  for (const { id, key } of evidence.subscribedRecords.values()) {
    if (!delivered.has(id)) sort([{ kind: "lost-webhook", caseId: key, what: id }], excuses.get(id));
  }
  const outcomes = [...commands.values()].map(({ response }) => response?.status);
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
    webhooks: delivered.size,
    views: views.length,
    trimmed: losses.records,
    excused: excused.length,
  };
  return { findings, excused, counts, firings, faults, audit: evidence.audit };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the history is incomplete: an entry lacks its beginning");
  return value;
}
