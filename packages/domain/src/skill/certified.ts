import { type Device, type Instant, type Skill, parseInstant } from "@crossline/contracts";
import { isInRange, parseOs, wordsOf } from "./os.ts";

/** Returns true if a person needs a skill to help with this device. A device without a model and without a named system needs none. */
export function isSkillNeeded(device: Device): boolean {
  return wordsOf(device.model ?? "").length > 0 || parseOs(device.os ?? "").name !== undefined;
}

/**
 * Returns true if one of a person's skills covers the device at `level` or a higher level, and is valid at the instant. A skill that has
 * expired, or is not valid yet, counts as none.
 */
export function isCertified(skills: readonly Skill[], device: Device, level: number, at: Instant): boolean {
  return skills.some((skill) => skill.level >= level && isValid(skill, at) && covers(skill, device));
}

/** The demand of a search for certified people: a device, or only a level. */
export type SkillDemand = { readonly device: Device; readonly level: number; readonly at: Instant };

/** Returns true if a person meets the demand. A demand with an empty device asks for any skill of the level that is valid. */
export function hasSkill(skills: readonly Skill[], { device, level, at }: SkillDemand): boolean {
  if (device.os !== undefined || device.model !== undefined) return isCertified(skills, device, level, at);
  return skills.some((skill) => skill.level >= level && isValid(skill, at));
}

/** Returns true if a skill is valid at the instant. `from` is part of the time, and `until` is not. */
export function isValid({ from, until }: Skill, at: Instant): boolean {
  return parseInstant(from) <= at && (until === undefined || at < parseInstant(until));
}

/** Returns true if everything that the skill names fits the device. If the device does not name a part, no skill that names this part fits. */
function covers({ os, versions, model }: Skill, device: Device): boolean {
  if (model !== undefined && !beginsWith(wordsOf(device.model ?? ""), wordsOf(model))) return false;
  if (os === undefined) return true;
  const { name, version } = parseOs(device.os ?? "");
  if (name === undefined || folded(name) !== folded(wordsOf(os).join(" "))) return false;
  const isAnyVersion = versions?.from === undefined && versions?.to === undefined;
  return isAnyVersion || (version !== undefined && isInRange(version, versions));
}

function beginsWith(words: readonly string[], first: readonly string[]): boolean {
  return first.every((word, index) => words[index] !== undefined && folded(words[index]) === folded(word));
}

function folded(text: string): string {
  return text.toLowerCase();
}
