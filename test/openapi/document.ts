import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/*
 * Gives tests the OpenAPI document of the public address. The references are resolved, and a function checks each
 * schema.
 */

type Parameter = {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: JsonSchema;
};

export type JsonSchema = { readonly [keyword: string]: any };

type Media = {
  readonly type: string;
  readonly schema: JsonSchema;
  readonly examples: Readonly<Record<string, unknown>>;
  /** Returns the difference between a value and the schema, or undefined. */
  readonly mismatchOf: (value: unknown) => string | undefined;
};

export type ResponseSpec = {
  readonly headers: Readonly<Record<string, { required?: boolean }>>;
  readonly media: readonly Media[];
};

export type Operation = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary?: string;
  readonly tags: readonly string[];
  readonly isPublic: boolean;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly media: readonly Media[] } | undefined;
  readonly responses: Readonly<Record<string, ResponseSpec>>;
};

/** Returns the operations of a document. Throws for a dead reference or an invalid schema. */
export function operationsOf(document: any): readonly Operation[] {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateSchema: false, validateFormats: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "openapi.json");
  const mismatchOf = memoize((reference) => compileLazily(ajv, reference));
  return Object.entries<any>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => readOperation(document, mismatchOf, { path, method })),
  );
}

/** Returns the operation for a method and an address. A path with fixed segments precedes a path with parameters. */
export function findOperation(
  operations: readonly Operation[],
  method: string,
  address: string,
): Operation | undefined {
  const parts = (address.split("?")[0] ?? "").split("/");
  const fits = operations.filter(({ method: own, path }) => own === method && fitsPath(path.split("/"), parts));
  return fits.toSorted(
    (one, other) => (one.path.match(/\{/g) ?? []).length - (other.path.match(/\{/g) ?? []).length,
  )[0];
}

function fitsPath(template: readonly string[], parts: readonly string[]): boolean {
  if (template.length !== parts.length) return false;
  return template.every((part, index) => (part.startsWith("{") ? parts[index] !== "" : part === parts[index]));
}

/** Returns the document with schemas that refuse unknown fields, so that a test notices each new field of a response. */
export function closeSchemas(document: unknown): any {
  if (typeof document !== "object" || document === null) return document;
  if (Array.isArray(document)) return document.map(closeSchemas);
  const all = Object.entries(document).map(
    ([name, inner]) => [name, name === "example" ? inner : closeSchemas(inner)] as const,
  );
  const isOpen = "properties" in document && !("additionalProperties" in document);
  return Object.fromEntries(isOpen ? [...all, ["additionalProperties", false]] : all);
}

function readOperation(
  document: any,
  mismatchOf: (reference: string) => Media["mismatchOf"],
  { path, method }: { path: string; method: string },
): Operation {
  const operation = document.paths[path][method];
  const follow = (place: Place): Place => resolveReference(document, place);
  const place: Place = { pointer: ["paths", path, method], value: operation };
  const mediaIn = (holder: Place): Media[] =>
    Object.entries<any>(holder.value.content ?? {}).map(([type, media]) => {
      const reference = media.schema.$ref ?? referenceTo([...holder.pointer, "content", type, "schema"]);
      const values = Object.entries<any>(media.examples ?? {}).map(([name, example]) => {
        return [name, resolveReference(document, { pointer: [], value: example }).value.value] as const;
      });
      const only = "example" in media ? [["example", media.example] as const] : [];
      const examples = Object.fromEntries([...values, ...only]);
      return { type, schema: media.schema, examples, mismatchOf: mismatchOf(reference) };
    });
  const responses = Object.keys(operation.responses).map((status) => {
    const response = follow(inside(place, "responses", status));
    const headers = Object.entries<any>(response.value.headers ?? {}).map(([name, header]) => {
      return [name, resolveReference(document, { pointer: [], value: header }).value] as const;
    });
    return [status, { headers: Object.fromEntries(headers), media: mediaIn(response) }] as const;
  });
  const body = operation.requestBody && follow(inside(place, "requestBody"));
  return {
    id: operation.operationId ?? "",
    method: method.toUpperCase(),
    path,
    summary: operation.summary,
    tags: operation.tags ?? [],
    isPublic: (operation.security ?? document.security).length === 0,
    parameters: (operation.parameters ?? []).map(
      (value: any) => resolveReference(document, { pointer: [], value }).value,
    ),
    body: body && { required: body.value.required === true, media: mediaIn(body) },
    responses: Object.fromEntries(responses),
  };
}

/** A value of the document, and its JSON Pointer. */
type Place = { readonly pointer: readonly string[]; readonly value: any };

function inside({ pointer, value }: Place, ...keys: readonly string[]): Place {
  return { pointer: [...pointer, ...keys], value: keys.reduce((part, key) => part[key], value) };
}

function resolveReference(document: any, place: Place): Place {
  const reference: unknown = place.value.$ref;
  if (typeof reference !== "string") return place;
  const target = inside({ pointer: [], value: document }, ...reference.slice(2).split("/"));
  if (target.value === undefined) throw new Error(`the reference ${reference} has no target`);
  return target;
}

function referenceTo(pointer: readonly string[]): string {
  return `#/${pointer.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`;
}

/** Compiles a schema at its first use, because a run uses few schemas of a document. */
function compileLazily(ajv: Ajv2020, reference: string): Media["mismatchOf"] {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= ajv.compile({ $ref: `openapi.json${reference}` });
    if (validate(value)) return undefined;
    const [first] = validate.errors ?? [];
    return `${first?.instancePath ?? ""} ${first?.message ?? "does not fit"}`;
  };
}

function memoize<Result>(make: (reference: string) => Result): (reference: string) => Result {
  const results = new Map<string, Result>();
  return (reference) => {
    const result = results.get(reference) ?? make(reference);
    results.set(reference, result);
    return result;
  };
}
