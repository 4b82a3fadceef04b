import { type ProblemField, textFault } from "@crossline/contracts";
import { pointer } from "./pointer.ts";

/**
 * Returns a fault with its place for each blank or disguised text in a document. The schema has already limited the depth and
 * the size of the document.
 */
export function* textFaults(document: unknown, path: readonly PropertyKey[] = []): Iterable<ProblemField> {
  if (typeof document === "string") {
    const message = textFault(document);
    if (message !== undefined) yield { at: pointer(path), message };
    return;
  }
  if (typeof document !== "object" || document === null) return;
  for (const [key, value] of Object.entries(document)) yield* textFaults(value, [...path, key]);
}
