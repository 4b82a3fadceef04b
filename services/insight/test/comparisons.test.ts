import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type TrainingDebtReport, newId } from "@crossline/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { carrier, createHistory } from "./history.ts";
import { type World, createWorld } from "./world.ts";

/*
 * Plays the examples of the sections before "Examples" in docs/reports.md, in which a row is a number of cases. Each example has a timeline
 * of its own.
 */

const text = readFileSync(resolve(import.meta.dirname, "../../../docs/reports.md"), "utf8");
const vendor = "orchard";
const [minuteMs, hourMs] = [60_000, 3_600_000];

type History = ReturnType<typeof createHistory>;

type Row = Readonly<Record<string, string>>;

/** Returns the tables of a section. */
function tablesOf(title: string): readonly (readonly Row[])[] {
  const section = text.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
  return section
    .split("\n\n")
    .filter((block) => block.startsWith("|"))
    .map((block) => {
      const [head = [], , ...rows] = block
        .trim()
        .split("\n")
        .map((row) =>
          row
            .split("|")
            .slice(1, -1)
            .map((cell) => cell.trim()),
        );
      return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ""])));
    });
}

let world: World;
const keys = { carrier: "", vendor: "", operator: "", other: "" };

beforeAll(async () => {
  world = await createWorld();
  keys.carrier = await world.party(carrier, "carrier");
  keys.vendor = await world.party(vendor, "vendor");
  keys.operator = await world.party("operator", "operator");
  keys.other = await world.party("southcell", "carrier");
  await world.start();
});
afterAll(() => world.stop());

/** Publishes a history on a new timeline whose now is 1 May 2026, and returns the timeline. */
async function played(play: (history: History) => void): Promise<string> {
  const timeline = newId("stp");
  const history = createHistory({ timeline });
  play(history);
  history.add(`${timeline}/0`, Date.parse("2026-05-01T00:00:00Z"), "timeline.marked", { mark: "2026-05-01T00:00:00Z" });
  await world.publish(history.messages);
  return timeline;
}

async function read<T>(path: string, key = keys.carrier): Promise<T> {
  const response = await world.read(path, key);
  expect(`${path}: ${response.status}`).toBe(`${path}: 200`);
  return (await response.json()) as T;
}

/** Adds a case that is resolved, at the first or the second contact, and perhaps reopened and resolved again. */
function addCase(
  history: History,
  openedAt: number,
  {
    isFirst,
    isReopened = false,
    ...opening
  }: { isFirst: boolean; isReopened?: boolean } & Parameters<History["open"]>[1],
): void {
  const caseId = history.open(openedAt, opening);
  if (!isFirst) history.contact(caseId, openedAt + 5 * minuteMs);
  history.resolve(caseId, openedAt + 10 * minuteMs);
  if (isReopened) {
    history.reopen(caseId, openedAt + 20 * minuteMs);
    history.resolve(caseId, openedAt + 30 * minuteMs);
  }
  history.confirm(caseId, openedAt + 40 * minuteMs);
}

test("before and after: the example of the page", async () => {
  const [cases = [], sides = [], differences = []] = tablesOf("Before and after a date");
  const timeline = await played((history) => {
    for (const row of cases)
      for (let index = 0; index < Number(row["cases"]); index++) {
        const openedAt = Date.parse(`2026-${row["opened from"]?.replace(" ", "T")}:00Z`) + index * hourMs;
        addCase(history, openedAt, { isFirst: index < Number(row["resolved at the first contact"]) });
      }
  });
  const address = `/v1/reports/first-contact-resolution/before-after?date=2026-03-11T00:00:00Z&timeline=${timeline}`;
  const { before, after, result } = await read<{ before: Side; after: Side; result: Interval }>(address);
  type Side = { value: number; count: number };
  type Interval = { difference: number; low: number; high: number };
  const shown = Object.entries({ before, after }).map(([side, { value, count }]) => ({
    side,
    value: `${value}`,
    count: `${count}`,
  }));
  expect(shown).toEqual(sides);
  const { difference, low, high } = result;
  expect([{ difference: difference.toFixed(2), low: low.toFixed(2), high: high.toFixed(2) }]).toEqual(differences);
});

test("training debt: the example of the page, and the cases behind it", async () => {
  const [groups = [], expected = []] = tablesOf("Training debt");
  const timeline = await played((history) => {
    for (const { symptom = "", model = "", cases, hold = "", fix = "" } of groups)
      for (let index = 0; index < Number(cases); index++) {
        const openedAt = Date.parse("2026-03-02T00:00:00Z") + index * hourMs;
        const caseId = history.open(openedAt, { symptom, device: { vendor, model } });
        const handoffId = newId("ho");
        const acceptedAt = openedAt + Number.parseInt(hold) * minuteMs + index * 1_000;
        history.handoff(caseId, acceptedAt - minuteMs, "handoff.offered", { handoffId });
        history.handoff(caseId, acceptedAt, "handoff.accepted", { handoffId });
        const fixedAt = acceptedAt + Number.parseInt(fix) * minuteMs + index * 1_000;
        history.handoff(caseId, fixedAt, "handoff.resolved", { handoffId });
        history.resolve(caseId, fixedAt);
      }
  });
  const debt = await read<TrainingDebtReport>(`/v1/reports/training-debt?timeline=${timeline}`);
  expect(debt).toMatchObject({ state: "compared", groups: groups.length });
  const minutes = (ms: number): string => `${(ms / minuteMs).toFixed(2)} min`;
  const shown = debt.items.map(({ symptom, device, cases, waitedHours, medianHeldMs, medianFixedMs }) => ({
    symptom,
    device,
    cases: `${cases}`,
    waitedHours: waitedHours.toFixed(2),
    medianHeldMs: minutes(medianHeldMs),
    medianFixedMs: minutes(medianFixedMs),
  }));
  expect(shown).toEqual(expected);

  const listed = `/v1/reports/training-debt/cases?timeline=${timeline}&symptom=no-sound&limit=40`;
  const page = await read<{ items: { heldMs: number }[]; next: string }>(listed);
  const rest = await read<{ items: { heldMs: number }[]; next?: string }>(`${listed}&cursor=${page.next}`);
  const holds = [...page.items, ...rest.items].map(({ heldMs }) => heldMs);
  expect(rest.next).toBeUndefined();
  expect(holds.length).toBe(50);
  const noSound = debt.items.find(({ symptom }) => symptom === "no-sound");
  expect(holds.reduce((sum, each) => sum + each, 0) / hourMs).toBe(noSound?.waitedHours);

  const csv = await world.read(`/v1/reports/training-debt?timeline=${timeline}&format=csv`, keys.carrier);
  expect(csv.headers.get("content-type")).toContain("text/csv");
  expect((await csv.text()).split("\r\n")[1]).toMatch(/^out-of-memory,Handheld 8700,30,/);
});

test("outcomes: the example of the page", async () => {
  const [rows = [], expected = []] = tablesOf("Outcomes of models");
  const timeline = await played((history) => {
    for (const { model = "", channel, cases, reopened, ...row } of rows)
      for (let index = 0; index < Number(cases); index++)
        addCase(history, Date.parse("2026-03-02T00:00:00Z") + index * hourMs, {
          isFirst: index < Number(row["resolved at the first contact"]),
          isReopened: index >= Number(cases) - Number(reopened),
          channel: channel as "store",
          device: { vendor, model },
        });
  });
  type Outcome = { model: string; channel: string; differences: Record<string, { verdict: string }> };
  const { items } = await read<{ items: Outcome[] }>(`/v1/reports/outcomes?timeline=${timeline}`);
  const shown = items.map(({ model, channel, differences }) => ({
    model,
    channel,
    firstContactResolution: differences["firstContactResolution"]?.verdict,
    reopened: differences["reopened"]?.verdict,
  }));
  expect(shown).toEqual(expected);
  const csv = await world.read(`/v1/reports/outcomes?timeline=${timeline}&format=csv`, keys.carrier);
  expect((await csv.text()).split("\r\n").length).toBe(2 + 4 * rows.length);
});

test("a vendor and another carrier read no debt and no outcome of a carrier", async () => {
  for (const report of ["training-debt", "outcomes"]) {
    const status = async (query: string, key: string) =>
      (await world.read(`/v1/reports/${report}${query}`, key)).status;
    expect(await status("", keys.vendor)).toBe(403);
    expect(await status(`?party=${carrier}`, keys.other)).toBe(404);
    expect(await status("", keys.operator)).toBe(400);
    expect(await status(`?party=${vendor}`, keys.operator)).toBe(404);
    expect(await status(`?party=${carrier}`, keys.operator)).toBe(200);
    expect(await status("/cases", keys.operator)).toBe(403);
  }
  const before = "/v1/reports/first-contact-resolution/before-after?date=2026-03-01T00:00:00Z";
  expect((await world.read(before, keys.vendor)).status).toBe(404);
});

test.each([
  ["no date", "time-to-accept", "", 400],
  ["a date and a version", "time-to-accept", "date=2026-03-01T00:00:00Z&version=2&line=x", 400],
  ["a version without a line", "time-to-accept", "version=2", 400],
  ["a version of one version", "time-to-accept", "version=2&line=handheld@1", 400],
  ["the first version", "time-to-accept", "version=1&line=handheld", 400],
  ["a holder's time without the holder", "time-by-holder", "date=2026-03-01T00:00:00Z", 400],
  ["a count", "returns-by-code", "date=2026-03-01T00:00:00Z", 404],
  ["no such indicator", "speed", "date=2026-03-01T00:00:00Z", 400],
])("before and after is refused: %s", async (_, indicator, query, status) => {
  expect((await world.read(`/v1/reports/${indicator}/before-after?${query}`, keys.carrier)).status).toBe(status);
});

test("before and after compares earlier and later versions of a line, and shows that there are not enough cases", async () => {
  const timeline = await played((history) => {
    for (let index = 0; index < 70; index++)
      addCase(history, Date.parse("2026-03-02T00:00:00Z") + index * hourMs, {
        isFirst: true,
        line: { carrier, name: "handheld", version: index < 35 ? 1 : 3 },
      });
  });
  const address = `/v1/reports/contacts-per-case/before-after?timeline=${timeline}&line=handheld`;
  expect(await read(`${address}&version=2`)).toMatchObject({
    before: { value: 1, count: 35 },
    after: { value: 1, count: 35 },
    result: { state: "compared", difference: 0, low: 0, high: 0 },
  });
  expect(await read(`${address}&version=4`)).toMatchObject({
    before: { value: 1, count: 70 },
    after: { value: null, count: 0 },
    result: { state: "not-enough-cases", smallest: 30 },
  });
});
