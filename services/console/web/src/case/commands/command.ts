import type { CaseHandoffs, Me, PresentedCase } from "@crossline/contracts";

/** The things from which the offered commands follow. */
export type Situation = {
  readonly shown: PresentedCase;
  readonly handoffs: CaseHandoffs | undefined;
  readonly me: Pick<Me, "party" | "scopes">;
  /** The now of the case's timeline, in milliseconds since 1970. */
  readonly now: number;
  /** The zone in which a person enters local times. */
  readonly zone: string;
};

/** Returns the path of a command on the case. */
export function casePath({ shown }: Pick<Situation, "shown">, rest: string): string {
  return `/v1/cases/${shown.id}/${rest}`;
}
