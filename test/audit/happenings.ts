import { accountableHappenings } from "./accountable-language.ts";
import { customersHappenings } from "./customer-language.ts";
import { type Happening, firstHappenings } from "./first-language.ts";
import { newHappenings } from "./whole-language.ts";

/** All that is drawn from. */
export const happenings: readonly Happening[] = [
  ...firstHappenings,
  ...newHappenings,
  ...customersHappenings,
  ...accountableHappenings,
];
