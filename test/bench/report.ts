import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { resolve } from "node:path";
import { type Bench, type Bound, type Measurement, type BenchOutcome, type Scale, keeps } from "./frame.ts";
import { draw } from "./picture.ts";

export type Result = Pick<Bench, "name" | "title" | "about"> &
  BenchOutcome & { readonly scale: Scale; readonly machine?: string };

const docs = resolve(import.meta.dirname, "../../docs");
const page = resolve(docs, "performance.md");
const folder = resolve(docs, "performance");
const resultsFile = resolve(folder, "results.json");
const [begin, end] = ["<!-- measured: npx -y pnpm bench -->", "<!-- /measured -->"];

/** Writes the results, the pictures and the tables of the page. The page keeps the results of benchmarks that did not run. */
export async function writeReport(results: readonly Result[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const before: Result[] = existsSync(resultsFile) ? (JSON.parse(readFileSync(resultsFile, "utf8")) as Result[]) : [];
  const fresh = results.map((result) => ({ ...result, machine: machine() }));
  const all = [
    ...before.map((old) => fresh.find(({ name }) => name === old.name) ?? old),
    ...fresh.filter(({ name }) => !before.some((old) => old.name === name)),
  ];
  writeFileSync(resultsFile, `${JSON.stringify(all, null, 2)}\n`);
  for (const { name, curves = [] } of fresh) {
    for (const [index, curve] of curves.entries())
      writeFileSync(resolve(folder, pictureName(name, index)), await draw(curve));
  }
  const text = readFileSync(page, "utf8");
  const [head = "", , tail = ""] = text.split(new RegExp(`${escape(begin)}|${escape(end)}`));
  writeFileSync(page, `${head}${begin}\n\n${all.map(section).join("\n")}\n${end}${tail}`);
}

function section({ name, title, about, figures, scale, curves = [], remarks = [], machine: where }: Result): string {
  const rows = figures.map((figure) => `| ${cells(figure).join(" | ")} |`);
  const table = [`| | measured | ratio | against | must | aim | |`, `|---|---|---|---|---|---|---|`, ...rows];
  const pictures = curves.map((curve, index) => `![${curve.name}](performance/${pictureName(name, index)})`);
  const parts = [
    `### ${title}`,
    about,
    table.join("\n"),
    ...remarks,
    ...pictures,
    `_\`npx -y pnpm bench ${scale === "quick" ? "--quick " : ""}${name}\`, ${where}_`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function cells({ name, figure, ratio, spread, against, value = ratio, must, aim }: Measurement): string[] {
  const range = spread === undefined ? "" : ` (${spread.map((one) => one.toFixed(2)).join("–")})`;
  const verdict =
    aim !== undefined && keeps(aim, value)
      ? "aim"
      : must !== undefined && keeps(must, value)
        ? "must"
        : must === undefined && aim === undefined
          ? ""
          : "**missed**";
  return [name, figure, `${ratio.toFixed(2)}×${range}`, against, boundOf(must), boundOf(aim), verdict];
}

function boundOf(bound: Bound | undefined): string {
  if (bound === undefined) return "";
  return "atLeast" in bound ? `≥ ${tidy(bound.atLeast)}` : `≤ ${tidy(bound.atMost)}`;
}

function tidy(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

function pictureName(bench: string, index: number): string {
  return index === 0 ? `${bench}.svg` : `${bench}-${index + 1}.svg`;
}

function machine(): string {
  const [first] = cpus();
  const model = first?.model.trim() ?? "unknown processor";
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, ${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
