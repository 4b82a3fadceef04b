import { createHash } from "node:crypto";
import type { CaseChange } from "./request.ts";

type AddEntry = Extract<CaseChange, { type: "add-entry" }>;

/**
 * What an entry says, as a hash: the same hypothesis, fact, or step with the same parameters and outcome has the same one,
 * whoever says it. Undefined for a note and the like, which say nothing that could be repeated.
 */
export function digestOf({ kind, text, fact, step }: AddEntry): Buffer | undefined {
  switch (kind) {
    case "note":
    case "attachment":
    case "message":
    case "decision":
      return undefined;
    case "hypothesis":
      return hash([kind, normalize(text ?? "")]);
    case "fact":
      return hash([kind, fact?.name, normalize(fact?.value ?? "")]);
    case "step-tried":
      return hash([
        kind,
        step?.name,
        step?.outcome,
        ...Object.entries(step?.parameters ?? {})
          .toSorted(byName)
          .flat(),
      ]);
  }
}

/** "Out of  memory?" and "out of memory?" are one hypothesis. */
function normalize(text: string): string {
  return text.normalize("NFC").trim().replaceAll(/\s+/g, " ").toLowerCase();
}

function byName([one]: [string, string], [other]: [string, string]): number {
  return one < other ? -1 : 1;
}

function hash(parts: readonly unknown[]): Buffer {
  return createHash("sha256").update(JSON.stringify(parts)).digest();
}
