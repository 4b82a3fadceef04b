import { contempt } from "./de/contempt.ts";
import { deeds } from "./de/deeds.ts";
import { fault } from "./de/fault.ts";
import { implied } from "./de/implied.ts";
import { tone } from "./de/tone.ts";
import { scorn } from "./de/scorn.ts";
import { words } from "./de/words.ts";
import type { BlameLanguage } from "./language.ts";

/** The patterns of blame in German. */
export const de: BlameLanguage = {
  language: "de",
  ...words,
  rules: [...deeds, ...fault, ...implied, ...tone, ...scorn, ...contempt],
};
