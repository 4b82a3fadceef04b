import type { Instant } from "@crossline/contracts";
import type { CaseCrossing } from "../handoff/case-crossing.ts";
import type { CrossingDeps, SkilledPerson } from "../handoff/deps.ts";
import { isCertified, isSkillNeeded } from "../skill/certified.ts";

/** The level that a pool requires if the line has no trigger `skill.missing`. */
const levelByDefault = 1;

/** The people on duty in a pool who are certified for the device of a case, and the number of all people on duty. */
export type PoolMembers = { readonly certified: readonly string[]; readonly onDuty: number };

/** Returns the level that the line of a case requires for its pools. */
export function levelOf({ line }: Pick<CrossingDeps, "line">): number {
  return line.skillLevel ?? levelByDefault;
}

/**
 * Returns true if a person may help with the device of the case. A skill that has expired or is not valid yet counts as none.
 * A device without a model and without a named operating system needs no skill.
 */
export function isPersonCertified(
  { material: { device = {} } }: CaseCrossing,
  { skills }: Pick<SkilledPerson, "skills">,
  level: number,
  at: Instant,
): boolean {
  return !isSkillNeeded(device) || isCertified(skills, device, level, at);
}

/** Returns the members of a pool for a case: the people on duty at the instant who are certified for the device of the case. */
export function membersOf(state: CaseCrossing, deps: CrossingDeps, pool: string, at: Instant): PoolMembers {
  const people = deps.onPool(state.carrier, pool, at);
  const level = levelOf(deps);
  const certified = people.filter((one) => isPersonCertified(state, one, level, at)).map(({ person }) => person);
  return { certified, onDuty: people.length };
}
