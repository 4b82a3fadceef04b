import type { Device, Subject } from "@crossline/contracts";
import type { RequiredItem } from "../line/line.ts";

/** The information about a case that a line can require. */
export type CaseInformation = {
  readonly device?: Device | undefined;
  readonly subject?: Subject | undefined;
  readonly symptom?: string | undefined;
  readonly needBy?: string | undefined;
  /** The names of the facts that the case has. */
  readonly facts: readonly string[];
};

/** Returns the missing items in the order of the line, each with the party that must supply the item. */
export function missingItems(requires: readonly RequiredItem[], known: CaseInformation): readonly RequiredItem[] {
  return requires.filter(({ item }) => !isKnown(item, known));
}

/** Returns the share of the required items that the case has, in whole percent; 100 if the line requires nothing. */
export function completeness(requires: readonly RequiredItem[], missing: readonly RequiredItem[]): number {
  return requires.length === 0 ? 100 : Math.floor((100 * (requires.length - missing.length)) / requires.length);
}

function isKnown(item: string, { device, subject, symptom, needBy, facts }: CaseInformation): boolean {
  // A fact with the name of the item also supplies the item.
  if (facts.includes(item.replaceAll(".", "-")) || facts.includes(item)) return true;
  const [whole, part] = item.split(".");
  if (whole === "device" && part !== undefined) return device?.[part as keyof Device] !== undefined;
  if (whole === "subject" && part !== undefined) return subject?.[part as keyof Subject] !== undefined;
  return item === "symptom" ? symptom !== undefined : item === "need-by" && needBy !== undefined;
}
