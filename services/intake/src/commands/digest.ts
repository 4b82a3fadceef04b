import { createHash } from "node:crypto";
import type { CaseChange } from "./request.ts";

type AddEntry = Extract<CaseChange, { type: "add-entry" }>;

/**
 * Returns a hash of an entry's content. An entry repeats an earlier entry if both have the same hash, even if the authors differ. The
 * hash of a tried step includes its parameters and its outcome. Returns undefined for a note, an attachment, a message or a decision,
 * because entries of these kinds never count as repetitions.
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

/** Normalizes a text, so that "Out of  memory?" and "out of memory?" are the same hypothesis. */
function normalize(text: string): string {
  return text.normalize("NFC").trim().replaceAll(/\s+/g, " ").toLowerCase();
}

function byName([one]: [string, string], [other]: [string, string]): number {
  return one < other ? -1 : 1;
}

function hash(parts: readonly unknown[]): Buffer {
  return createHash("sha256").update(JSON.stringify(parts)).digest();
}
