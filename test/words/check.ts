import { findingsIn } from "./findings.ts";
import { repositoryFiles } from "./passages.ts";

// node test/words/check.ts [--counts] [PATH…]: prints each place below the paths that breaks a rule in docs/style.md.
const counts = process.argv.includes("--counts");
const paths = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const findings = findingsIn(repositoryFiles(paths));
if (!counts) for (const { place, rule, text } of findings) process.stdout.write(`${place} [${rule}] ${text}\n`);
for (const [broken, found] of Map.groupBy(findings, ({ rule }) => rule))
  process.stdout.write(`${broken}: ${found.length}\n`);
process.exitCode = findings.length > 0 ? 1 : 0;
