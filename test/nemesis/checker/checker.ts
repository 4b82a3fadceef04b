import type { Answered, Entry, FaultNote, Seen, Setting, Viewed } from "../history.ts";
import { type CaseFile, type Firing, addRecord, newCaseFile } from "./case-file.ts";
import { type Command, judgeCommands, judgeCounts } from "./commands.ts";
import type { Finding } from "./findings.ts";
import { judgeFirings } from "./firings.ts";
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
    readonly races: number;
    readonly offers: number;
    readonly webhooks: number;
    readonly views: number;
  };
  readonly firings: readonly Firing[];
  readonly faults: readonly FaultNote[];
};

/** What is due so shortly before the end need not have been seen. */
const graceMs = 5_000;

/**
 * Judges a run by its history alone: feed it every entry, in order, then ask for the verdict. It knows the rules of the
 * load's clocks by its own arithmetic, and shares no code with the system.
 */
export function createChecker() {
  const findings: Finding[] = [];
  const files = new Map<string, CaseFile>();
  const commands = new Map<number, { asked: Command["asked"]; answered: Answered | undefined }>();
  const offsets = new Map<string, number>();
  const hooks = new Map<string, Set<string>>();
  const views: Viewed[] = [];
  const faults: FaultNote[] = [];
  const expectedHooks = new Set<string>();
  let setting: Setting | undefined;
  let settledAt = Infinity;
  let records = 0;
  let repeated = 0;

  function addSeen(record: Seen): void {
    const { topic, partition, offset, key } = record;
    const place = `${topic}/${partition}`;
    const next = offsets.get(place) ?? offset;
    if (offset < next) return; // Our own consumer read it twice.
    const what = `${offset - next} records of ${place} were not read`;
    if (offset > next) findings.push({ kind: "unread", caseId: key, what });
    offsets.set(place, offset + 1);
    if (!key.startsWith("cs_")) return;
    records++;
    const file = files.get(key) ?? newCaseFile(key);
    files.set(key, file);
    const added = addRecord(file, record);
    findings.push(...added.findings);
    if (added.isRepeated) repeated++;
    if (setting?.subscribed.includes(record.type) === true) expectedHooks.add(record.id);
  }

  return {
    add(entry: Entry): void {
      switch (entry.e) {
        case "setting":
          return void (setting = entry);
        case "asked":
          return void commands.set(entry.n, { asked: entry, answered: undefined });
        case "answered":
          commands.set(entry.n, { ...required(commands.get(entry.n)), answered: entry });
          return;
        case "record":
          return addSeen(entry);
        case "webhook":
          hooks.set(entry.receiver, (hooks.get(entry.receiver) ?? new Set()).add(entry.id));
          return;
        case "view":
          return void views.push(entry);
        case "fault":
          return void faults.push(entry);
        case "ended":
          return void ({ settledAt } = entry);
      }
    },

    verdict: () =>
      conclude({
        findings,
        files,
        commands,
        heard: hooks.get(setting?.receiver ?? "") ?? new Set(),
        expectedHooks,
        views,
        faults,
        setting: required(setting),
        settledAt,
        records,
        repeated,
      }),
  };
}

type Evidence = {
  readonly findings: readonly Finding[];
  readonly files: ReadonlyMap<string, CaseFile>;
  readonly commands: ReadonlyMap<number, Command>;
  readonly heard: ReadonlySet<string>;
  readonly expectedHooks: ReadonlySet<string>;
  readonly views: readonly Viewed[];
  readonly faults: readonly FaultNote[];
  readonly setting: Setting;
  readonly settledAt: number;
  readonly records: number;
  readonly repeated: number;
};

function conclude(evidence: Evidence): Verdict {
  const { files, commands, heard, expectedHooks, views, faults, setting, settledAt, records, repeated } = evidence;
  const findings = [...evidence.findings, ...judgeCommands(commands.values(), files)];
  const byCase = Map.groupBy(commands.values(), ({ asked, answered }) => asked.caseId ?? answered?.caseId ?? "");
  let races = 0;
  for (const file of files.values()) {
    const judged = judgeFirings(file, setting.lines[file.line ?? ""] ?? [], settledAt - graceMs);
    races += judged.races;
    findings.push(...judged.findings, ...judgeOffers(file), ...judgeCounts(file, byCase.get(file.caseId) ?? []));
  }
  for (const view of views) findings.push(...judgeTimes(required(files.get(view.caseId)), view, setting.vendor));
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
    offers: [...files.values()].reduce((sum, { offers }) => sum + offers.size, 0),
    webhooks: heard.size,
    views: views.length,
  };
  return { findings, counts, firings, faults };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the history is not whole: an entry has no beginning");
  return value;
}
