import { type Skill, formatInstant, parseInstant } from "@crossline/contracts";
import { canonicalJson } from "../dossier/canonical.ts";

/**
 * Returns the skills of a person as canonical JSON: sorted, without repeats, and with instants in UTC. The texts of two sets of skills are
 * equal exactly if the sets are equal, so a statement can compare the skills of many people.
 */
export function canonicalSkills(skills: readonly Skill[]): string {
  const texts = new Set(skills.map((one) => canonicalJson(inUtc(one))));
  return `[${[...texts].toSorted().join(",")}]`;
}

function inUtc(skill: Skill): Skill {
  const { from, until } = skill;
  return {
    ...skill,
    from: formatInstant(parseInstant(from)),
    ...(until !== undefined && { until: formatInstant(parseInstant(until)) }),
  };
}
