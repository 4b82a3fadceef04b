import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { serviceNames } from "@crossline/cli";
import { connect } from "@crossline/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Stage, openStage } from "./stage.ts";

/* Alert rules, dashboard, runbooks and the metrics of the real services use the same names. */

const root = resolve(import.meta.dirname, "../..");
const folder = join(root, "infra/observability");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

type Rule = {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: { readonly severity?: string };
  readonly annotations?: { readonly summary?: string; readonly runbook?: string };
};
const { groups } = parse(read("infra/observability/rules/crossline.yml")) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const alerts = rules.flatMap((rule) => (rule.alert === undefined ? [] : [{ ...rule, alert: rule.alert }]));
const recorded = new Set(rules.flatMap(({ record }) => record ?? []));

type Panel = {
  id: number;
  type: string;
  title: string;
  targets?: { expr: string }[];
  gridPos: { w: number; x: number };
};
const dashboard = JSON.parse(read("infra/observability/grafana/crossline.json")) as { panels: Panel[]; uid: string };
const panelQueries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Returns the series of a query, with the labels that select them. */
function seriesIn(query: string): { name: string; labels: string[] }[] {
  return [...query.matchAll(/\b((?:crossline|process|nodejs)[_:][a-z_:0-9]+|up\b)(?:\{([^}]*)\})?/g)].map((match) => ({
    name: match[1] ?? "",
    labels: [...(match[2] ?? "").matchAll(/(\w+)\s*[=!]/g)].map((label) => label[1] ?? ""),
  }));
}

/** Returns the names of the series in a scrape, each with the labels of its samples. */
function seriesOf(text: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [, name = "", type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const endings = type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    for (const ending of endings) found.set(`${name}${ending}`, new Set());
  }
  for (const [, name = "", labels = ""] of text.matchAll(/^(\w+)\{([^}]*)\} /gm)) {
    for (const [, label = ""] of labels.matchAll(/(\w+)="/g)) found.get(name)?.add(label);
  }
  return found;
}

/** Returns the name of the metric that a series belongs to. */
function metricOf(series: string): string {
  return series.replace(/_seconds_(?:bucket|sum|count)$/, "_seconds");
}

describe("the real services", () => {
  let stage: Stage;
  const scraped = new Map<string, Set<string>>();
  beforeAll(async () => {
    stage = await openStage({ insight: true, console: true });
    await stage.operator.get("/v1/parties").catch(() => undefined);
    for (const name of serviceNames) {
      const headers = { authorization: `Bearer ${stage.internalKey}` };
      const response = await fetch(`${stage.addresses[name]}/metrics`, { headers });
      for (const [series, labels] of seriesOf(await response.text())) {
        scraped.set(series, new Set([...(scraped.get(series) ?? []), ...labels]));
      }
    }
  });
  afterAll(() => stage?.close());

  test.each([
    ...rules.map(({ alert, record, expr }) => [alert ?? record ?? "", expr]),
    ...panelQueries.map((it) => [it, it]),
  ])("the services have the metrics that %s queries", (_, query = "") => {
    const queried = seriesIn(query);
    expect(queried.length).toBeGreaterThan(0);
    const missing = queried.flatMap(({ name, labels }) => {
      // `up` is from Prometheus itself, and a recorded series is from the rules.
      if (name === "up" || recorded.has(name)) return [];
      const has = scraped.get(name);
      if (has === undefined) return [name];
      return has.size === 0 ? [] : labels.filter((label) => !has.has(label)).map((label) => `${name}{${label}}`);
    });
    expect(missing).toEqual([]);
  });

  test("observe.md lists exactly the metrics of the services", () => {
    const listed = new Set([...read("docs/operations/observe.md").matchAll(/crossline_\w+/g)].map(([name]) => name));
    const served = new Set([...scraped.keys()].filter((it) => it.startsWith("crossline_")).map(metricOf));
    expect([...listed].toSorted()).toEqual([...served].toSorted());
  });

  test("Postgres executes the statements of the runbooks", async () => {
    const database = connect({
      url: stage.databaseUrl,
      schema: "public",
      applicationName: "runbook",
      onError: () => {},
    });
    const statements = [...runbook().matchAll(/^sql "(select [^"]+)"$/gm)].map(([, text = ""]) => text);
    expect(statements.length).toBeGreaterThan(15);
    for (const text of statements) await database.query({ text });
    await database.close();
  });

  test.each(serviceNames)("%s has the metrics that every service has", async (name) => {
    const headers = { authorization: `Bearer ${stage.internalKey}` };
    const text = await (await fetch(`${stage.addresses[name]}/metrics`, { headers })).text();
    for (const metric of [
      "consumer_lag",
      "consumer_look_age_seconds",
      "consumer_partitions",
      "consumer_sequence_gaps_total",
      "inbox_held_seconds",
      "inbox_standing",
      "outbox_depth",
      "outbox_oldest_seconds",
      "postgres_snapshot_age_transactions",
      "postgres_up",
      "relay_active",
      "relay_buried_total",
      "relay_failures_total",
      "relay_stalled_seconds",
    ]) {
      expect(text).toMatch(new RegExp(`^crossline_${metric}\\{[^}]*service="${name}"\\} [\\d.e+-]+$`, "m"));
    }
    expect(text).toMatch(/^crossline_postgres_up\{[^}]*\} 1$/m);
  });

  test.each(serviceNames)("%s reports its checks as live and ready", async (name) => {
    const ask = async (kind: string) =>
      (await (await fetch(`${stage.addresses[name]}/health/${kind}`)).json()) as { checks: Record<string, string> };
    expect((await ask("live")).checks).toMatchObject({ consumer: "ok", relay: "ok" });
    expect((await ask("ready")).checks).toMatchObject({ broker: "ok", relay: "ok", database: "ok" });
  });
});

/** The section of the runbooks with an entry for each alert. */
function runbook(): string {
  const page = read("docs/operations/runbooks.md");
  const part = page.slice(page.indexOf("## Alerts"));
  return part.slice(0, part.indexOf("\n## ", 5));
}

/** The source texts of the packages and services. */
function sources(): string {
  const listed = execFileSync("git", ["ls-files", "packages/*/src/*.ts", "services/*/src/*.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed.trim().split("\n").map(read).join("\n");
}

test("the log messages in the operations pages are those of the services", () => {
  const pages = ["observe.md", "runbooks.md"].map((page) => read(`docs/operations/${page}`)).join("\n");
  const quoted = [...pages.matchAll(/`((?:alarm: )?[a-z][a-z']*(?:[,;]? [a-z0-9'-]+){2,})`/g)].map(
    ([, text = ""]) => text,
  );
  const commands = /^(?:docker|npx|curl|ask|sql|errors|select|rollback) /;
  const messages = quoted.filter((text) => !commands.test(text));
  expect(messages.length).toBeGreaterThan(20);
  const text = sources();
  expect(messages.filter((message) => !text.includes(`"${message}"`))).toEqual([]);
});

test("every alert has a severity and a runbook", () => {
  const entries = new Map(
    runbook()
      .split(/^### /m)
      .slice(1)
      .map((entry) => [entry.slice(0, entry.indexOf("\n")), entry] as const),
  );
  const parts = ["**Meaning.**", "**Check.**", "**Do.**", "**If you do nothing:**"];
  const wrong = alerts.flatMap(({ alert, labels, annotations }) => [
    ...(["page", "ticket"].includes(labels?.severity ?? "") ? [] : [`${alert}: severity`]),
    ...(annotations?.runbook === `docs/operations/runbooks.md#${alert.toLowerCase()}` ? [] : [`${alert}: runbook`]),
    ...parts.filter((part) => entries.get(alert)?.includes(part) !== true).map((part) => `${alert}: ${part}`),
  ]);
  expect(wrong).toEqual([]);
  expect([...entries.keys()].toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
});

test("every alert has a test in which it fires, and a test in which it does not fire", () => {
  type Case = { name: string; alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] };
  const { tests } = parse(read("infra/observability/alerts.test.yml")) as { tests: Case[] };
  const named = (fires: boolean) =>
    tests
      .flatMap(({ alert_rule_test: cases }) => cases)
      .filter(({ exp_alerts: expected }) => expected.length > 0 === fires)
      .map(({ alertname }) => alertname);
  const all = alerts.map(({ alert }) => alert).toSorted();
  expect([...new Set(named(true))].toSorted()).toEqual(all);
  expect([...new Set(named(false))].toSorted()).toEqual(all);
});

test("the dashboard has panels of types that Grafana shows", () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { type, title, targets = [], gridPos } of panels) {
    expect(["row", "timeseries", "stat"]).toContain(type);
    expect(title).not.toBe("");
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    expect(targets.length > 0).toBe(type !== "row");
  }
});

// Debian's package `prometheus` contains promtool. Without promtool these tests are skipped, and the tests above still check the
// names.
const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
test
  .skipIf(!hasPromtool)
  .each([
    [["check", "rules", "rules/crossline.yml"]],
    [["check", "config", "--syntax-only", "prometheus.yml"]],
    [["test", "rules", "alerts.test.yml"]],
  ])("promtool %j", (command) => {
  expect(execFileSync("promtool", command, { cwd: folder, encoding: "utf8", stdio: "pipe" })).toContain("SUCCESS");
});
