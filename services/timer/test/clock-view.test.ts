import { type ClockKind, type Instant, type LineDocument, wall } from "@crossline/contracts";
import {
  type CaseClocks,
  type Clock,
  type EndedClock,
  type Line,
  builtinLine,
  calendarOf,
  compileLine,
  dueAt,
  explain,
  formatStart,
} from "@crossline/domain";
import { type Database, connect, now } from "@crossline/postgres";
import { applyLines } from "@crossline/projection";
import { createLines } from "@crossline/projection/compiled-lines";
import { type FreshDatabase, freshDatabase, waitFor } from "@crossline/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertCases } from "../src/store/case-clocks.ts";
import { createRecords, idleLine, newCase } from "./records.ts";
import { createWorld } from "./world.ts";

type Row = {
  readonly clock: string;
  readonly kind: string;
  readonly start: string;
  readonly charged: string;
  readonly state: string;
  readonly overtaken: boolean;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly targetMs: number;
  readonly countedMs: number;
  readonly thresholds: readonly number[];
  readonly firedDueAt: readonly Instant[] | null;
  readonly firedAt: readonly Instant[] | null;
  readonly nextDueAt: Instant | null;
  readonly notBefore: Instant | null;
};

const columns = `clock, kind, start, charged, state, overtaken, started_at as "startedAt", ended_at as "endedAt",
  (extract(epoch from target) * 1000)::bigint as "targetMs", (extract(epoch from counted) * 1000)::bigint as "countedMs", thresholds,
  to_json(fired_due_at) as "firedDueAt", to_json(fired_at) as "firedAt", next_due_at as "nextDueAt", not_before as "notBefore"`;

const instants = (json: unknown) => (json as string[] | null)?.map((text) => Date.parse(text)) ?? null;

async function read(database: Database, caseId: string): Promise<Row[]> {
  const rows = await database.query<Row>({
    text: `select ${columns} from clock where case_id = $1 order by clock collate "C", started_at`,
    values: [caseId],
  });
  return rows.map((row) => ({ ...row, firedDueAt: instants(row.firedDueAt), firedAt: instants(row.firedAt) }));
}

/** Calculates the rows of the view with the domain's rules. */
function expected(state: CaseClocks, line: Line, at: Instant): Row[] {
  const clocks: readonly (Clock | EndedClock)[] = [...state.clocks, ...state.ended.toReversed()];
  const rows = explain(state, line, at).map((explained, index) => {
    const clock = clocks[index] as Clock | EndedClock;
    const calendar = calendarOf(line, clock);
    const isEnded = "endedAt" in clock;
    return {
      clock: clock.name,
      kind: clock.kind,
      start: formatStart(clock.start),
      charged: clock.charged,
      state: explained.state,
      overtaken: clock.overtaken ?? false,
      startedAt: clock.startedAt,
      endedAt: isEnded ? clock.endedAt : null,
      targetMs: clock.targetMs,
      countedMs: explained.countedMs,
      thresholds: clock.thresholds,
      firedDueAt: clock.fired.length === 0 ? null : clock.fired.map((one) => one.dueAt),
      firedAt: clock.fired.length === 0 ? null : clock.fired.map((one) => one.firedAt),
      nextDueAt: isEnded || calendar.span !== undefined ? null : (dueAt(clock, calendar) ?? null),
      notBefore: clock.notBefore ?? null,
    };
  });
  return rows.toSorted((a, b) => (a.clock < b.clock ? -1 : a.clock > b.clock ? 1 : a.startedAt - b.startedAt));
}

const withoutPlan: LineDocument = {
  line: "view-2",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "first-response", target: { live: "PT15M", else: "PT4H" }, warnAt: [] },
    { kind: "stall.busy", target: "PT20M", warnAt: [90, 50, 75, 75] },
    {
      kind: "next-update",
      name: "keep-me-posted",
      target: { critical: "PT30M", major: "PT1H", else: "P2D" },
      warnAt: [50],
    },
    { kind: "resolution", target: "P5D", warnAt: [] },
  ],
  crossing: [],
  lastResort: [],
};
const document: LineDocument = { ...withoutPlan, line: "view", needBy: { cure: "PT2H" } };
const observing: LineDocument = { ...document, line: "view-3", mode: "observe" };
const ref = (name: string) => ({ carrier: "northtel", name, version: 1 });
const documents = [document, withoutPlan, observing];
const lines = [...documents.map((one) => compileLine(ref(one.line), one)), builtinLine];
const kinds: readonly ClockKind[] = ["last-resort", "handling.limit", "reply", "promise"];
const hour = 3_600_000;

describe("the view `clock` shows the same values as the rules of the domain", () => {
  let fresh: FreshDatabase;
  let database: Database;
  let at: Instant;
  beforeAll(async () => {
    fresh = await freshDatabase("timer");
    database = connect(fresh.options("timer"));
    const { line } = createRecords();
    await applyLines(
      database,
      documents.map((one) => ({ ...line(one), id: "e", partition: 0 }) as never),
    );
    at = await now(database);
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  /** Saves a case of an import, and sets the mark of the import to `at`. */
  async function save(line: Line, change: Partial<CaseClocks>): Promise<CaseClocks> {
    const state: CaseClocks = {
      caseId: newCase(),
      timeline: "imp_view",
      carrier: "northtel",
      line: line.ref,
      severity: "minor",
      status: "inProgress",
      holder: "northtel",
      crossed: false,
      sequence: 0,
      read: { case: 1, handoff: 0 },
      applied: [1],
      handlings: [],
      clocks: [],
      ended: [],
      ...change,
    };
    const loaded = createLines();
    await loaded.load(database, [line.ref]);
    const row = { state, partition: 0, lastEventAt: at, dueAt: undefined };
    await insertCases(database, loaded, [row]);
    return state;
  }

  const clockOf = (
    rule: Pick<Clock, "name" | "kind" | "targetMs" | "thresholds">,
    more: Partial<Clock> = {},
  ): Clock => ({
    start: { by: "case", sequence: 3 },
    charged: "northtel",
    startedAt: at - hour,
    counted: [{ from: at - hour, to: at - hour / 2 }, { from: at - 60_000 }],
    fired: [],
    ...rule,
    ...more,
  });

  test.each(lines.map((line) => [line.ref.name, line] as const))(
    "the view shows a clock of each rule of %s in each severity, whether the target is the line's or the clock's own",
    async (_, line) => {
      for (const severity of ["critical", "major", "minor"] as const) {
        const clocks = line.clocks.flatMap(({ name, kind, target, thresholds }, index) => [
          clockOf({ name, kind, targetMs: target[severity], thresholds }, { startedAt: at - hour - 1 - index }),
          clockOf({ name, kind, targetMs: 90_000, thresholds }, { own: true }),
        ]);
        const state = await save(line, { severity, clocks });
        expect(await read(database, state.caseId)).toEqual(expected(state, line, at));
      }
    },
  );

  test("the view shows clocks whose name or thresholds are not in the line", async () => {
    const [line] = lines as [Line];
    const written = kinds.map((kind) =>
      clockOf({ name: `${kind}/x`, kind, targetMs: 7_000_000, thresholds: [60, 100] }),
    );
    const other = clockOf({ name: "stall.busy", kind: "stall.busy", targetMs: 1_200_000, thresholds: [10, 100] });
    const state = await save(line, { clocks: [...written, other] });
    expect(await read(database, state.caseId)).toEqual(expected(state, line, at));
  });

  test("the view shows starts, holders, firings, pauses, changes and ends", async () => {
    const [line] = lines as [Line];
    const rule = {
      name: "stall.busy",
      kind: "stall.busy",
      targetMs: 1_200_000,
      thresholds: [50, 75, 90, 100],
    } as const;
    const firing = (minute: number) => ({
      dueAt: at - hour + minute * 60_000,
      firedAt: at - hour + minute * 60_000 + 7,
    });
    const clocks = [
      clockOf(rule, { start: { by: "offer", id: "ho_1" }, charged: "orchard", startedAt: at }),
      clockOf(rule, { start: { by: "clock", sequence: 4 }, charged: "northtel", fired: [firing(10), firing(15)] }),
      clockOf(rule, { startedAt: at - 5, counted: [], notBefore: at }),
      clockOf(rule, { startedAt: at - 6, counted: [{ from: at - 6, to: at - 2 }], notBefore: at - 1 }),
      clockOf(rule, { startedAt: at - 7, counted: [{ from: at - 7, to: at + 180_000 }] }),
      clockOf(rule, { startedAt: at - 8, overtaken: true, fired: [50, 51, 52, 53].map(firing) }),
    ];
    const closed = [{ from: at - hour, to: at - 10 }];
    const ended: EndedClock[] = [
      {
        ...clockOf(rule, { startedAt: at - 9, counted: closed, fired: [firing(1)] }),
        endedAt: at - 10,
        overtaken: false,
      },
      {
        ...clockOf(rule, { startedAt: at - 11, counted: closed, fired: [firing(1)] }),
        endedAt: at - 10,
        overtaken: true,
      },
    ];
    for (const holder of ["northtel", "orchard"]) {
      const state = await save(line, { holder, clocks, ended });
      expect(await read(database, state.caseId)).toEqual(expected(state, line, at));
    }
  });

  test("the view has no row for a case without clocks", async () => {
    const { caseId } = await save(builtinLine, {});
    expect(await read(database, caseId)).toEqual([]);
  });
});

test("an operator can read a case of the running timer before and after a clock fires", async () => {
  const world = await createWorld();
  try {
    await world.start();
    const line = idleLine("soon", "PT10S", "PT2H");
    const opened = (await now(world.database)) - 5_000;
    const caseId = newCase();
    await world.publish(world.line(line), world.opened({ caseId, timeline: wall }, opened, line));
    const shown = () =>
      world.database.query<Record<string, unknown>>({
        text: `select line, status, severity, holder, clock, state, target::text, calendar, thresholds, next_threshold as next,
            next_due_at as "nextDueAt", case_breach_at as "breachAt"
          from clock where case_id = $1 order by target`,
        values: [caseId],
      });
    const common = {
      line: "northtel/soon@1",
      status: "acknowledged",
      severity: "minor",
      holder: "northtel",
      calendar: "24x7",
    };
    expect(await shown()).toMatchObject([
      {
        ...common,
        clock: "idle-pt10s",
        state: "running",
        target: "00:00:10",
        next: 100,
        nextDueAt: opened + 10_000,
        breachAt: opened + 10_000,
      },
      { ...common, clock: "idle-pt2h", state: "running", target: "02:00:00", nextDueAt: opened + 7_200_000 },
    ]);
    await waitFor(() => world.fired(caseId).length === 1, { timeoutMs: 15_000 });
    const [fired, other] = await shown();
    expect(fired).toMatchObject({ state: "breached", next: null, nextDueAt: null, breachAt: opened + 7_200_000 });
    expect(other).toMatchObject({ state: "running" });
  } finally {
    await world.stop();
  }
});
