/** The part of a JSON Schema from which examples are made. */
type Schema = {
  readonly $ref?: string;
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};

export type Schemas = Readonly<Record<string, unknown>>;

/**
 * Returns a value that a JSON Schema accepts. The value is the schema's first example, or consists of the examples of the
 * schema's parts. An object gets each property that is required or has its own example.
 */
export function exampleOf(given: unknown, schemas: Schemas): unknown {
  const schema = given as Schema;
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.$ref !== undefined) return exampleOf(schemas[schema.$ref.replace("#/components/schemas/", "")], schemas);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const [branch] = schema.anyOf ?? schema.oneOf ?? [];
  if (branch !== undefined) return exampleOf(branch, schemas);
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((one) => exampleOf(one, schemas)));
  return exampleOfType(schema, schemas);
}

function exampleOfType(schema: Schema, schemas: Schemas): unknown {
  const [type] = [schema.type ?? []].flat();
  switch (type) {
    case "object":
      return exampleOfObject(schema, schemas);
    case "array":
      return [exampleOf(schema.items ?? {}, schemas)];
    case "integer":
    case "number":
      return Math.max(schema.minimum ?? 1, 1);
    case "boolean":
      return false;
    default:
      return schema.format === "date" ? "2026-03-07" : "text";
  }
}

function exampleOfObject({ properties = {}, required = [] }: Schema, schemas: Schemas): unknown {
  const shown = Object.entries(properties).filter(
    ([name, property]) => required.includes(name) || property.examples !== undefined,
  );
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(property, schemas)]));
}
