import { CommandFault, exitWithFault } from "./fault.ts";
import { checkNode } from "./node-version.ts";
import { verifyDossier } from "./verbs/dossier-verify.ts";
import { checkLines } from "./verbs/line-check.ts";
import { moveCases } from "./verbs/line-move.ts";
import { checkRoster } from "./verbs/roster-check.ts";

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  "line check": checkLines,
  "line move": moveCases,
  "roster check": checkRoster,
  "dossier verify": verifyDossier,
};

const usage = `Usage:
  npx -y pnpm crossline line check FILE …                  lints lines and calendars (YAML or JSON), without a server
  npx -y pnpm crossline line move NAME --to VERSION        shows what moving the running cases would change; --yes moves them
                        [--from VERSION] [--yes] [--timeline ID] [--url URL] [--reason TEXT]
  npx -y pnpm crossline roster check FILE                  lints a roster (YAML or JSON), and shows who is on duty, without a server
                        [--at INSTANT] [--days N]
  npx -y pnpm crossline dossier verify FILE                checks an exported dossier, without a server`;

async function main(): Promise<number> {
  checkNode();
  const [noun = "", verb = "", ...rest] = process.argv.slice(2);
  const command = commands[`${noun} ${verb}`];
  if (command === undefined) throw new CommandFault(usage);
  return command(rest);
}

main().then((code) => process.exit(code), exitWithFault);
