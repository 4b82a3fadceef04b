import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { topics } from "@crossline/contracts";
import {
  type CaseClocks,
  type ClockInput,
  compileLine,
  decide,
  elapse,
  lintLineDocument,
  lintCalendar,
  readCondition,
} from "@crossline/domain";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

/* Tests that the examples in docs/lines.md pass the lint, and compares the tables of the page with the clocks. */
const root = resolve(import.meta.dirname, "..");
const text = readFileSync(join(root, "docs/lines.md"), "utf8");
const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => parse(yaml ?? "") as unknown);
const rowsOf = (table: string): string[][] =>
  table
    .trim()
    .split("\n")
    .slice(2)
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
const tables = (heading: string): string[][][] => {
  const part = text.split(heading)[1]?.split("\n## ")[0] ?? "";
  return [...part.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) => rowsOf(table));
};

test.each(examples.map((example, index) => [index, example] as const))("example %s passes lint", (_, example) => {
  expect(lintLineDocument(example)).toMatchObject({ ok: true });
});

test("the page explains every key and every clock in its example", () => {
  const [example] = examples as [Record<string, unknown> & { clocks: { kind: string }[] }];
  const explained = new Set(tables("## An example")[0]?.map(([name = ""]) => name.replaceAll("`", "")));
  const wanted = [...Object.keys(example).filter((key) => key !== "clocks"), ...example.clocks.map(({ kind }) => kind)];
  expect(wanted.filter((name) => !explained.has(name))).toEqual([]);
});

describe("the tables of clocks", () => {
  const [example] = examples;
  const linted = lintLineDocument(example);
  if (!linted.ok) throw new Error("the example has lint errors");
  const line = compileLine({ carrier: "northtel", name: "handheld-consumer", version: 1 }, linted.document);
  const at = (time: string): number => Date.parse(`2026-03-07T${time}:00-05:00`);

  test.each(tables("## What it does").map((rows, index) => [index, rows] as const))("table %s is true", (_, rows) => {
    let state: CaseClocks | undefined;
    let sequence = 0;
    const fired: string[] = [];
    const note = (messages: readonly { type: string; data: unknown }[]): void => {
      for (const { type, data } of messages) {
        const { dueAt, clock, threshold } = data as { dueAt: string; clock: string; threshold: number };
        const time = new Date(Date.parse(dueAt) - 5 * 3_600_000).toISOString().slice(11, 16);
        fired.push(`${time} \`${clock}\` ${type === "clock.breached" ? "breaches" : `warns ${threshold} %`}`);
      }
    };
    const happen = (time: number, type: string, data: Record<string, unknown>): void => {
      const actor = { party: "northtel", automated: false };
      const event = {
        topic: topics.case,
        key: "cs",
        sequence: ++sequence,
        type,
        time,
        timeline: "stp_1",
        data: { actor, ...data },
      };
      const decision = decide(state, event as unknown as ClockInput, line, 0);
      state = decision.state;
      note(decision.messages);
    };
    happen(at("09:00"), "case.opened", {
      carrier: "northtel",
      severity: "minor",
      status: "acknowledged",
      channel: "phone",
      line: line.ref,
    });
    const steps = new Map(rows.flatMap(([time = "", what = ""]) => (what === "" ? [] : [[at(time), what] as const])));
    const last = at(rows.at(-1)?.[0] ?? "09:00");
    for (let now = at("09:00"); now <= last; now += 60_000) {
      if (steps.get(now) === "step tried")
        happen(now, "entry.added", {
          kind: "step-tried",
          by: "party",
          news: true,
          step: { name: "x", parameters: {}, outcome: "failed" },
        });
      happen(now, now === at("09:00") ? "handling.started" : "handling.continued", {
        handlingId: "hd",
        channel: "phone",
      });
    }
    if (state !== undefined) note(elapse(state, line, last + 1, 0).messages);
    const expected = rows.filter(([, , says]) => says !== "").map(([time, , says]) => `${time} ${says}`);
    // A live handling meets `first-response`, so this clock does not fire.
    expect(fired).toEqual(expected);
  });
});

test.each(tables("## Match conditions")[0] ?? [])("%s: %s", (condition = "", says) => {
  const read = readCondition(condition.slice(1, -1));
  const device = { vendor: "orchard", model: "Handheld 8700" };
  const facts = { kind: "fault", severity: "minor", channel: "phone", title: "dead", carrier: "northtel", device };
  expect(read.ok && read.condition(facts)).toEqual({ holds: says === "yes" });
});

const folder = join(root, "infra/lines");
const files = ["", "calendars"].flatMap((sub) =>
  readdirSync(join(folder, sub))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => join(sub, name)),
);
test.each(files)("the ready-made %s has no lint errors and names its story", (file) => {
  const yaml = readFileSync(join(folder, file), "utf8");
  const written: unknown = parse(yaml);
  expect(file.startsWith("calendars") ? lintCalendar(written) : lintLineDocument(written)).toMatchObject({ ok: true });
  expect(yaml.startsWith("# ")).toBe(true);
  expect(file.startsWith("calendars") || /^# In story \d/.test(yaml)).toBe(true);
});
