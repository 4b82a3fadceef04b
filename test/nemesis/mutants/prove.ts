import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { checkHistory } from "../check-history.ts";
import { makeDrill } from "../plan.ts";
import { auditOf } from "../report.ts";
import { runPlan } from "../run.ts";
import { type Mutant, mutants, patchOf } from "./all.ts";

const root = resolve(import.meta.dirname, "../../..");
const sources = ["packages", "services", "infra", "package.json", "pnpm-workspace.yaml"];
const casesPerSecond = 8;
const alarms = ["audit.missed", "audit.doubled", "audit.unfounded", "audit.gap"];

type Options = {
  /** The name of one mutant. The default is all mutants. */
  readonly only?: string | undefined;
  readonly firstPort: number;
  readonly say: (line: string) => void;
  readonly onStop: (stop: () => Promise<void>) => void;
};

/**
 * Proves that the checker detects wrong systems. Each mutant runs through its drill in a copy of the sources, and the
 * checker must report a finding.
 */
export async function proveMutants({ only, say, ...options }: Options): Promise<boolean> {
  const chosen = mutants.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) throw new RangeError(`there is no mutant ${only}`);
  let isProved = true;
  for (const mutant of chosen) {
    say(`${mutant.name}: ${mutant.wrong}`);
    const checkout = copyWith(patchOf(mutant));
    try {
      const verdict = await drill(mutant, { ...options, say, checkout });
      const kinds = new Set(verdict.findings.map(({ kind }) => kind));
      // If the system has an auditor, the auditor must raise an alarm too.
      const isQuiet = verdict.audit.size === 0 || mutant.isSilentToAuditor === true;
      const isAlarmed = isQuiet || alarms.some((type) => verdict.audit.has(type));
      const isConvicted = mutant.convictedOf.some((kind) => kinds.has(kind)) && isAlarmed;
      const counts = [...Map.groupBy(verdict.findings, ({ kind }) => kind)].map(
        ([kind, all]) => `${kind} ${all.length}`,
      );
      say(
        `${mutant.name}: ${isConvicted ? "convicted" : "SURVIVED"}${counts.length === 0 ? "" : `, ${counts.join(", ")}`}`,
      );
      if (verdict.audit.size > 0) say(`  the auditor${isAlarmed ? "" : " was SILENT"}: ${auditOf(verdict)}`);
      isProved &&= isConvicted;
    } finally {
      rmSync(checkout, { recursive: true, force: true });
    }
  }
  return isProved;
}

type DrillOptions = Omit<Options, "only"> & { readonly checkout: string };

async function drill({ name, drill: rounds }: Mutant, { firstPort, checkout, say, onStop }: DrillOptions) {
  const folder = join(root, ".crossline/nemesis", name);
  const plan = makeDrill(1, rounds);
  return checkHistory(await runPlan({ plan, casesPerSecond, firstPort, checkout, folder, say, onStop }));
}

/** Copies the sources and applies a patch. Symbolic links give the copy the installed dependencies. */
function copyWith(patch: string): string {
  const copy = mkdtempSync(join(tmpdir(), "crossline-mutant-"));
  for (const name of sources) cpSync(join(root, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  execFileSync("git", ["apply", patch], { cwd: copy, stdio: ["ignore", "ignore", "inherit"] });
  return copy;
}
