import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandContext, runCommand } from "./command.ts";

/** The files of a commit with its own dependencies, outside this tree. */
export type Checkout = { readonly folder: string; readonly commit: string; remove(): Promise<void> };

/**
 * Checks out a commit and installs the dependencies of that commit. A refusal is one sentence. A successful checkout
 * exists until `remove`. No files remain after a refusal, a failure or an abort.
 */
export async function checkOut(
  revision: string,
  from: CommandContext,
): Promise<Checkout | { readonly refused: string }> {
  const named = await git(from, "rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`);
  if (named.failed) return { refused: `There is no commit ${revision} in this repository.` };
  const commit = named.output.trim();
  const parent = mkdtempSync(join(realpathSync(tmpdir()), "crossline-base-"));
  // If this process is root, PostgreSQL runs as another user, who must reach the binaries.
  chmodSync(parent, 0o755);
  const folder = join(parent, "base");
  const remove = async (): Promise<void> => {
    if (existsSync(folder)) await git({ folder: from.folder }, "worktree", "remove", "--force", "--force", folder);
    rmSync(parent, { recursive: true, force: true, maxRetries: 10 });
    await git({ folder: from.folder }, "worktree", "prune");
  };
  try {
    const refused = await fill(folder, commit, from);
    if (refused === undefined) return { folder, commit, remove };
    await remove();
    return { refused };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Returns the reason why the checkout cannot be measured, or undefined. */
async function fill(folder: string, commit: string, from: CommandContext): Promise<string | undefined> {
  const short = commit.slice(0, 7);
  const added = await git(from, "worktree", "add", "--quiet", "--detach", folder, commit);
  if (added.failed) return `${short} could not be checked out.`;
  const there = { ...from, folder };
  const install = ["-y", "pnpm", "install", "--frozen-lockfile", "--prefer-offline", "--reporter=silent"];
  if ((await runCommand("npx", install, there)).failed) return `The dependencies of ${short} could not be installed.`;
  const { output } = await git(there, "status", "--porcelain");
  if (output !== "") return `The checkout of ${short} differs from its commit, so it would not be measured:\n${output}`;
  return undefined;
}

function git(place: CommandContext, ...parameters: string[]) {
  return runCommand("git", parameters, place);
}
