import type { JsonSchema } from "../openapi/document.ts";
import type { Random } from "../simulation/random.ts";

/* Random values: valid values of a schema, and unexpected values. */

const deep = (depth: number): unknown => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);
const plain: readonly unknown[] = [null, true, false, 0, -1, 1.5, 1e308, -0, 2 ** 31, 2 ** 53, Number.MIN_SAFE_INTEGER];
const signs = ["", " ", "\0", "\uD800", "\u202Etxt", "👩‍👩‍👧", "é".normalize("NFD"), "x".repeat(5_000), "🙂".repeat(600)];
const times = ["9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z", "-271821-04-20T00:00:00Z", "P99999999D", "PT-1S"];
const words = ["__proto__", "constructor", "../../etc", "' or 1=1 --", "%00", "NaN", "wall", `cs_${"0".repeat(26)}`];
const shapes: readonly unknown[] = [[], {}, [null], [[]], deep(200), { a: deep(60) }, { toString: 1 }, { length: -1 }];
const wild = [...plain, ...signs, ...times, ...words, ...shapes, Array.from({ length: 300 }, () => 1)];

export function wildValue(random: Random): unknown {
  return random.pick(wild);
}

/**
 * Returns a random value of a schema, with or without its optional parts. The examples of the schema match its
 * patterns.
 */
export function valueOf(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>, random: Random): unknown {
  const inner = (one: JsonSchema): unknown => valueOf(one, schemas, random);
  const { $ref } = schema;
  if (typeof $ref === "string") return inner(schemas[$ref.split("/").at(-1) ?? ""] ?? {});
  if (schema["const"] !== undefined) return schema["const"];
  if (schema["enum"] !== undefined) return random.pick(schema["enum"] as unknown[]);
  const branches = (schema["anyOf"] ?? schema["oneOf"]) as JsonSchema[] | undefined;
  if (branches !== undefined) return inner(random.pick(branches));
  const type = [schema["type"] ?? "null"].flat() as string[];
  if (type[0] === "object") return objectOf(schema, inner, random);
  if (type[0] === "array") return Array.from({ length: random.below(4) }, () => inner(schema["items"] as JsonSchema));
  if (schema["examples"] !== undefined) return random.pick(schema["examples"] as unknown[]);
  if (type[0] === "boolean") return random.chance(0.5);
  if (type[0] === "integer" || type[0] === "number") return numberOf(schema, random);
  return textOf(schema, random);
}

function objectOf(schema: JsonSchema, inner: (one: JsonSchema) => unknown, random: Random): unknown {
  const required: readonly string[] = schema["required"] ?? [];
  const properties = Object.entries<JsonSchema>(schema["properties"] ?? {});
  const chosen = properties.filter(([name]) => required.includes(name) || random.chance(0.4));
  return Object.fromEntries(chosen.map(([name, property]) => [name, inner(property)]));
}

function numberOf({ minimum = 0, maximum = 1_000 }: JsonSchema, random: Random): number {
  return random.pick([minimum, maximum, minimum + random.below(Math.min(1_000, maximum - minimum + 1))]);
}

function textOf({ format, minLength = 0, maxLength = 40 }: JsonSchema, random: Random): string {
  const dates = ["2026-03-07T14:30:00Z", "1900-01-01T00:00:00Z", "9997-12-31T23:59:59.999999999+14:00"];
  if (format === "date-time") return random.pick(dates);
  if (format === "date") return "2026-03-07";
  if (format === "email") return "ada@example.com";
  if (format === "uri") return "https://example.com/";
  const length = random.pick([minLength, Math.min(maxLength, 5_000), 12]);
  return "Ärger um Zürich 東京 ".repeat(300).slice(0, length);
}
