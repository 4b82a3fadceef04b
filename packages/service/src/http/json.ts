import { refusal } from "@crossline/contracts";
import type { Refusal } from "@crossline/contracts";
import { pointer } from "./validation.ts";

/** Thrown where a body cannot be read; the error handler answers with what it carries. */
export class UnreadableBody extends Error {
  readonly refused: Refusal;
  constructor(refused: Refusal) {
    super(refused.detail);
    this.name = "UnreadableBody";
    this.refused = refused;
  }
}

/**
 * Reads a JSON body; an empty one is no body. Throws `UnreadableBody` for damaged JSON, for keys that could reach an object's
 * prototype, and for text that no database can store (NUL, half a surrogate pair).
 */
export function parseBody(text: string): unknown {
  if (text.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UnreadableBody(refusal("invalid_request", `The body is not valid JSON${placeOf(error, text)}.`));
  }
  // Both can only be written with these letters, so that hardly any body is walked through.
  if (text.includes("\\u") || text.includes("__proto__")) {
    const bad = findUnstorable(value);
    if (bad !== undefined) {
      const at = pointer(bad.path);
      throw new UnreadableBody(
        refusal("invalid_request", `The body does not fit: ${at} ${bad.message}.`, {
          fields: [{ at, message: bad.message }],
        }),
      );
    }
  }
  return value;
}

/** Where the damage is, as far as the engine tells. Its message also quotes the body, so it is not passed on. */
function placeOf(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : "";
  if (message.startsWith("Unexpected end")) return ": it ends too early";
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return "";
  const before = text.slice(0, Number(position)).split("\n");
  return `: it is damaged at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

type Place = { readonly path: readonly string[]; readonly message: string };
/** A value and the way to it, from the inside out: copying paths would take minutes for a body nested a hundred thousand deep. */
type Node = { readonly value: unknown; readonly key: string; readonly above: Node | undefined };

/** Walks without recursion: a body may be nested deeper than the stack is. */
function findUnstorable(root: unknown): Place | undefined {
  const open: Node[] = [{ value: root, key: "", above: undefined }];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { value } = node;
    if (typeof value === "string") {
      const message = unstorable(value);
      if (message !== undefined) return { path: pathOf(node), message };
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        if (key === "__proto__") return { path: [...pathOf(node), key], message: "is not known here" };
        const message = unstorable(key);
        if (message !== undefined) return { path: pathOf(node), message: `has a key that ${message}` };
        open.push({ value: inner, key, above: node });
      }
    }
  }
  return undefined;
}

function pathOf(node: Node): string[] {
  const path: string[] = [];
  for (let one: Node = node; one.above !== undefined; one = one.above) path.push(one.key);
  return path.toReversed();
}

function unstorable(text: string): string | undefined {
  if (text.includes("\0")) return "contains a NUL character";
  return text.isWellFormed() ? undefined : "contains half of a surrogate pair";
}
