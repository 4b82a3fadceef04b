import { CommandFault } from "../fault.ts";
import { readState, removeState, saveState } from "../keys.ts";

/** A person's claim of a hand-off. The token allows the later commands, so only the owner of the file can read it. */
export type Claim = {
  readonly queue: string;
  readonly token: number;
  /** The version of the brief that the person has read last. An acceptance names this version. */
  readonly version: number;
  readonly person?: string | undefined;
};

/** Saves a claim for the later commands of the desk. */
export function saveClaim(handoffId: string, claim: Claim): void {
  saveState(nameOf(handoffId), JSON.stringify(claim));
}

/** Returns the saved claim, or undefined. */
export function findClaim(handoffId: string): Claim | undefined {
  const text = readState(nameOf(handoffId));
  return text === undefined ? undefined : (JSON.parse(text) as Claim);
}

/** Returns the saved claim. Throws a CommandFault without a claim. */
export function readClaim(handoffId: string): Claim {
  const claim = findClaim(handoffId);
  if (claim !== undefined) return claim;
  throw new CommandFault(
    `This account has no claim of ${handoffId}: run \`crossline queue claim ${handoffId}\` first.`,
  );
}

/** Deletes a claim that is no longer valid. */
export function removeClaim(handoffId: string): void {
  removeState(nameOf(handoffId));
}

function nameOf(handoffId: string): string {
  return `claim-${handoffId.replaceAll(/\W/g, "")}.json`;
}
