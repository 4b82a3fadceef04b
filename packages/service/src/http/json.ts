import { refusal } from "@crossline/contracts";
import type { Refusal } from "@crossline/contracts";
import { pointer } from "./validation.ts";

/** An exception for a body that cannot be read. The error handler responds with the exception's refusal. */
export class UnreadableBody extends Error {
  readonly refused: Refusal;
  constructor(refused: Refusal) {
    super(refused.detail);
    this.name = "UnreadableBody";
    this.refused = refused;
  }
}

/**
 * Reads a JSON body. Returns undefined for an empty body. Throws `UnreadableBody` for damaged JSON, and for keys that could reach
 * an object's prototype. Text that PostgreSQL cannot store (NUL, half of a surrogate pair) causes the same error.
 */
export function parseBody(text: string): unknown {
  if (text.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UnreadableBody(refusal("invalid_request", `The body is not valid JSON${placeOf(error, text)}.`));
  }
  // A body that must be refused contains `\u` or `__proto__`, so the function searches only bodies with one of these
  // texts.
  if (text.includes("\\u") || text.includes("__proto__")) {
    const bad = findUnstorable(value);
    if (bad !== undefined) {
      const at = pointer(bad.path);
      throw new UnreadableBody(
        refusal("invalid_request", `The body is not valid: ${at} ${bad.message}.`, {
          fields: [{ at, message: bad.message }],
        }),
      );
    }
  }
  return value;
}

/**
 * Returns the place at which the JSON is damaged, if the JavaScript engine names that place. The message of the
 * JavaScript engine quotes the body, so no response contains this message.
 */
function placeOf(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : "";
  if (message.startsWith("Unexpected end")) return ": it ends too early";
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return "";
  const before = text.slice(0, Number(position)).split("\n");
  return `: it is damaged at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

type Place = { readonly path: readonly string[]; readonly message: string };
/**
 * A value and its path. Each node has a link to its parent node and no copy of the path, because copies took minutes
 * for a body with 100,000 levels.
 */
type Node = { readonly value: unknown; readonly key: string; readonly above: Node | undefined };

/** Searches without recursion, because a body can have more levels than the stack. */
function findUnstorable(root: unknown): Place | undefined {
  const open: Node[] = [{ value: root, key: "", above: undefined }];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { value } = node;
    if (typeof value === "string") {
      const message = unstorable(value);
      if (message !== undefined) return { path: pathOf(node), message };
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        if (key === "__proto__") return { path: [...pathOf(node), key], message: "is an unknown field" };
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
