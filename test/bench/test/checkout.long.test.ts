import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkOut } from "../against/checkout.ts";

let folder: string;
const git = (...parameters: string[]): string => execFileSync("git", parameters, { cwd: folder, encoding: "utf8" });

/** A repository with one commit and without dependencies. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossline-checkout-"));
  git("init", "--quiet");
  git("config", "user.name", "nobody");
  git("config", "user.email", "nobody@example.org");
  writeFileSync(join(folder, "package.json"), `{ "private": true }\n`);
  writeFileSync(join(folder, "pnpm-lock.yaml"), `lockfileVersion: '9.0'\nimporters:\n  .: {}\n`);
  writeFileSync(join(folder, ".gitignore"), "node_modules/\n");
  commit();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function commit(): void {
  git("add", "--all");
  git("commit", "--quiet", "--message", "something");
}

const worktrees = (): number => git("worktree", "list").trim().split("\n").length;

test(
  "a commit is checked out in another folder, without uncommitted files, and removed again",
  { timeout: 60_000 },
  async () => {
    writeFileSync(join(folder, "not-committed"), "");
    const checkout = await checkOut("HEAD", { folder });
    if ("refused" in checkout) throw new Error(checkout.refused);
    expect(checkout.commit).toBe(git("rev-parse", "HEAD").trim());
    expect(existsSync(join(checkout.folder, "package.json"))).toBe(true);
    expect(existsSync(join(checkout.folder, "not-committed"))).toBe(false);
    await checkout.remove();
    expect(existsSync(checkout.folder)).toBe(false);
    expect(worktrees()).toBe(1);
  },
);

test.each(["nosuch", "--all", "HEAD:package.json"])("%s is refused, because it is no commit", async (revision) => {
  expect(await checkOut(revision, { folder })).toEqual({
    refused: `There is no commit ${revision} in this repository.`,
  });
  expect(worktrees()).toBe(1);
});

test("a checkout that differs from its commit is refused and removed", { timeout: 60_000 }, async () => {
  writeFileSync(join(folder, "lines"), "one\r\n");
  commit();
  writeFileSync(join(folder, ".gitattributes"), "lines text\n");
  git("add", ".gitattributes");
  git("commit", "--quiet", "--message", "lines are normalized from here on");
  const refused = await checkOut("HEAD", { folder });
  expect(refused).toEqual({ refused: expect.stringMatching(/differs from its commit[^]*lines/) });
  expect(worktrees()).toBe(1);
});

test("an abort leaves no files", { timeout: 60_000 }, async () => {
  expect(await checkOut("HEAD", { folder, signal: AbortSignal.abort() })).toHaveProperty("refused");
  expect(worktrees()).toBe(1);
});
