import { type Skill, formatInstant, parseInstant } from "@crossline/contracts";
import { canonicalJson } from "../dossier/canonical.ts";

type SkillSets = ReadonlyMap<string, readonly Skill[]>;

/** The people whose skills differ between two sets of people, and the number of people whose skills are equal. */
export type SkillDifference = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: number;
};

/**
 * Compares the skills of people. The order of a person's skills and the offset of an instant make no difference. The lists follow the
 * order of `wanted` and, for `removed`, of `current`.
 */
export function diffSkills(current: SkillSets, wanted: SkillSets): SkillDifference {
  const both = [...wanted].filter(([person]) => current.has(person));
  const changed = both.filter(([person, skills]) => !isSameSet(current.get(person) ?? [], skills));
  return {
    added: [...wanted.keys()].filter((person) => !current.has(person)),
    removed: [...current.keys()].filter((person) => !wanted.has(person)),
    changed: changed.map(([person]) => person),
    unchanged: both.length - changed.length,
  };
}

function isSameSet(one: readonly Skill[], other: readonly Skill[]): boolean {
  if (one.length !== other.length) return false;
  const texts = other.map(textOf).toSorted();
  return one
    .map(textOf)
    .toSorted()
    .every((text, index) => text === texts[index]);
}

function textOf(skill: Skill): string {
  const { from, until } = skill;
  const instants = {
    from: formatInstant(parseInstant(from)),
    ...(until !== undefined && { until: formatInstant(parseInstant(until)) }),
  };
  return canonicalJson({ ...skill, ...instants });
}
