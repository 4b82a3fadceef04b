import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeVerb, flatten } from "../src/completion/describe.ts";
import { completionScript } from "../src/completion/scripts.ts";
import { crossline } from "../src/crossline.ts";

const command = describeVerb(crossline());
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossline-completion-"));
  writeFileSync(join(folder, "script"), completionScript("bash", command));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns the words that bash offers for the last of these words. */
function complete(...words: readonly string[]): string[] {
  const program = [
    `source ${join(folder, "script")}`,
    'COMP_WORDS=(crossline "$@"); COMP_CWORD=$#',
    "_crossline",
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join("\n");
  const printed = execFileSync("bash", ["-uc", program, "bash", ...words], { encoding: "utf8" });
  return printed.split("\n").filter((word) => word !== "");
}

test.each<[string[], string[]]>([
  [["ca"], ["case"]],
  [["queue", "a"], ["accept"]],
  [
    ["case", "list", "--s"],
    ["--status", "--severity", "--sort"],
  ],
  [
    ["case", "list", "--sort", ""],
    ["opened", "due"],
  ],
  [["case", "step", "NT-1", "restart", "pa"], ["partly"]],
  [
    ["case", "list", "--json", "--severity", "m"],
    ["major", "minor"],
  ],
  [["case", "list", "--holder", "no"], []],
  [["story", "--port", "7300", "4"], ["4"]],
  [
    ["completion", ""],
    ["bash", "zsh", "fish", "--help", "-h"],
  ],
])("bash completes %j", (words, offered) => {
  expect(complete(...words)).toEqual(offered);
});

test("bash completes every verb of the command", () => {
  const groups = flatten(command).filter(({ verbs }) => verbs.length > 0);
  for (const { path, verbs } of groups)
    expect(complete(...path, "")).toEqual(expect.arrayContaining(verbs.map((verb) => verb.path.at(-1))));
});

test.each(["zsh", "fish"] as const)("the script for %s contains every verb and every option", (shell) => {
  const script = completionScript(shell, command);
  for (const { path, options } of flatten(command)) {
    expect(script).toContain(path.map((name) => `/${name}`).join(""));
    for (const { names } of options)
      for (const name of names) expect(script).toContain(shell === "fish" ? ` ${name.replace("--", "-l ")} ` : name);
  }
});
