import { play } from "./play.ts";

/*
 * Generates histories, sums them up without a database, and compares the reports of each carrier with the planted effects.
 *
 * `npx -y pnpm test:reports [HISTORIES CASES]`
 */
const [histories = "200", cases = "50000", ...more] = process.argv.slice(2);
const numbers = [Number(histories), Number(cases)];
if (numbers.some((each) => !Number.isInteger(each) || each < 1) || more.length > 0) {
  process.stderr.write("Usage: npx -y pnpm test:reports [HISTORIES CASES]\n");
  process.exit(2);
}
process.exitCode = play(numbers[0] ?? 0, numbers[1] ?? 0, (row) => process.stdout.write(`${row}\n`)) ? 0 : 1;
