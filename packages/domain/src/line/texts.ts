import { type ProblemField, textFault } from "@crossline/contracts";
import { pointer } from "./pointer.ts";

/** The texts of a document that are blank or disguised, each with its place. Its schema has limited how deep and long it is. */
export function* textFaults(document: unknown, path: readonly PropertyKey[] = []): Iterable<ProblemField> {
  if (typeof document === "string") {
    const message = textFault(document);
    if (message !== undefined) yield { at: pointer(path), message };
    return;
  }
  if (typeof document !== "object" || document === null) return;
  for (const [key, value] of Object.entries(document)) yield* textFaults(value, [...path, key]);
}
