import { contempt } from "./es/contempt.ts";
import { deeds } from "./es/deeds.ts";
import { fault } from "./es/fault.ts";
import { implied } from "./es/implied.ts";
import { tone } from "./es/tone.ts";
import { scorn } from "./es/scorn.ts";
import { words } from "./es/words.ts";
import type { BlameLanguage } from "./language.ts";

/** The patterns of blame in Spanish. */
export const es: BlameLanguage = {
  language: "es",
  ...words,
  rules: [...deeds, ...fault, ...implied, ...tone, ...scorn, ...contempt],
};
