import type { Device, Subject } from "@crossline/contracts";
import type { RequiredItem } from "../line/line.ts";

/** What is known of a case, as far as a line can require it. */
export type CaseInformation = {
  readonly device?: Device | undefined;
  readonly subject?: Subject | undefined;
  readonly symptom?: string | undefined;
  readonly needBy?: string | undefined;
  /** Names of the facts that were given. */
  readonly facts: readonly string[];
};

/** What a line requires and nobody has given yet, and whose it is to give. In the line's order. */
export function missingItems(requires: readonly RequiredItem[], known: CaseInformation): readonly RequiredItem[] {
  return requires.filter(({ item }) => !isKnown(item, known));
}

/** How much of what is required is known, in whole percent; 100 where nothing is. */
export function completeness(requires: readonly RequiredItem[], missing: readonly RequiredItem[]): number {
  return requires.length === 0 ? 100 : Math.floor((100 * (requires.length - missing.length)) / requires.length);
}

function isKnown(item: string, { device, subject, symptom, needBy, facts }: CaseInformation): boolean {
  // A fact of that name will do as well: somebody has found it out.
  if (facts.includes(item.replaceAll(".", "-")) || facts.includes(item)) return true;
  const [whole, part] = item.split(".");
  if (whole === "device" && part !== undefined) return device?.[part as keyof Device] !== undefined;
  if (whole === "subject" && part !== undefined) return subject?.[part as keyof Subject] !== undefined;
  return item === "symptom" ? symptom !== undefined : item === "need-by" && needBy !== undefined;
}
