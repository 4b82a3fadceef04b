import { caseEvents, clockEvents, handoffEvents } from "@crossline/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { joinWords, splitWords } from "../../src/reading/words.ts";

/** The parts of a zod schema that the sample needs. */
type Schema = { readonly def: Readonly<Record<string, unknown>> & { readonly type: string } };

const types = Object.entries({ ...caseEvents, ...handoffEvents, ...clockEvents });
/** A text of this length or more can contain words of a person. The codes and ids are shorter. */
const wordsFrom = 200;

/** Returns sample data of a schema, in which every long text is a marker with the path of its field. */
function sampleOf(schema: Schema, path: string): unknown {
  const { def } = schema;
  switch (def.type) {
    case "object":
      return Object.fromEntries(
        Object.entries(def["shape"] as Record<string, Schema>).map(([name, inner]) => [
          name,
          sampleOf(inner, `${path}.${name}`),
        ]),
      );
    case "optional":
    case "nullable":
    case "default":
      return sampleOf(def["innerType"] as Schema, path);
    case "array":
      return [sampleOf(def["element"] as Schema, path)];
    case "record":
      return { any: sampleOf(def["valueType"] as Schema, path) };
    case "string": {
      const { maxLength, format } = schema as unknown as { maxLength: number | null; format: string | null };
      return (maxLength ?? 0) >= wordsFrom && format !== "regex" ? `words:${path}` : "code";
    }
    case "number":
      return 7;
    case "boolean":
      return true;
    case "enum":
      return Object.values(def["entries"] as object)[0];
    case "union":
      return sampleOf((def["options"] as Schema[])[0] as Schema, path);
    case "literal":
      return (def["values"] as unknown[])[0];
    case "pipe":
      return sampleOf(def["in"] as Schema, path);
    default:
      throw new Error(`${path} has the unknown schema ${def.type}`);
  }
}

test.each(types)("no long text and no personal data of %s stays among the codes", (type, schema) => {
  const data = sampleOf(schema as unknown as Schema, type);
  const { codes, words } = splitWords(type, data);
  expect(JSON.stringify(codes)).not.toContain("words:");
  expect(JSON.stringify(codes)).not.toContain('"subject"');
  expect(joinWords({ codes, words })).toEqual(data);
});

test("a split and a join give the same data", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...types.map(([type]) => type)),
      fc.dictionary(fc.string(), fc.jsonValue()),
      (type, data) => {
        const json = JSON.parse(JSON.stringify(data)) as unknown;
        fc.pre(!JSON.stringify(json).includes("__proto__"));
        expect(joinWords(splitWords(type, json))).toEqual(json);
      },
    ),
  );
});

test("after an erasure, the codes of a fact stay", () => {
  const data = { actor: { party: "northtel" }, kind: "note", text: "Ann called", subject: { name: "Ann" } };
  const { codes } = splitWords("entry.added", data);
  expect(joinWords({ codes, words: null })).toEqual({ actor: { party: "northtel" }, kind: "note" });
});
