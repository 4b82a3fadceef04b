import { contempt } from "./en/contempt.ts";
import { deeds } from "./en/deeds.ts";
import { fault } from "./en/fault.ts";
import { implied } from "./en/implied.ts";
import { tone } from "./en/tone.ts";
import { scorn } from "./en/scorn.ts";
import { words } from "./en/words.ts";
import type { BlameLanguage } from "./language.ts";

/** The patterns of blame in English. */
export const en: BlameLanguage = {
  language: "en",
  ...words,
  rules: [...deeds, ...fault, ...implied, ...tone, ...scorn, ...contempt],
};
