import { contempt } from "./fr/contempt.ts";
import { deeds } from "./fr/deeds.ts";
import { fault } from "./fr/fault.ts";
import { implied } from "./fr/implied.ts";
import { tone } from "./fr/tone.ts";
import { scorn } from "./fr/scorn.ts";
import { words } from "./fr/words.ts";
import type { BlameLanguage } from "./language.ts";

/** The patterns of blame in French. */
export const fr: BlameLanguage = {
  language: "fr",
  ...words,
  rules: [...deeds, ...fault, ...implied, ...tone, ...scorn, ...contempt],
};
