import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";

/** The file of settings in the working folder. Docker Compose reads the same file. */
export const envFile = ".env";

/** Returns a setting from the environment, or else from the file `.env`. An empty value counts as absent. */
export function setting(name: string, file: string = envFile): string | undefined {
  const given = process.env[name];
  return given === undefined || given === "" ? readEnvFile(file)[name] : given;
}

/** Returns the values of a file with rows such as `NAME=value`, without empty values. Without the file, returns no values. */
export function readEnvFile(file: string = envFile): Readonly<Record<string, string | undefined>> {
  if (!existsSync(file)) return {};
  const values = Object.entries(parseEnv(readFileSync(file, "utf8")));
  return Object.fromEntries(values.filter(([, value]) => value !== ""));
}

/**
 * Writes values into the file, which only its owner can read afterwards. A value replaces
 * each earlier row of its name, and all other rows of the file stay.
 */
export function writeEnvFile(file: string, values: Readonly<Record<string, string>>): void {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const nameOf = (row: string): string => /^\s*(?:export\s+)?(\w+)\s*=/.exec(row)?.[1] ?? "";
  const rows = text.split("\n").filter((row) => !Object.hasOwn(values, nameOf(row)));
  while (rows.at(-1) === "") rows.pop();
  rows.push(...Object.entries(values).map(([name, value]) => `${name}=${value}`), "");
  if (existsSync(file)) chmodSync(file, 0o600);
  writeFileSync(file, rows.join("\n"), { mode: 0o600 });
}
