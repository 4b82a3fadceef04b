import type { ProblemCode } from "@crossline/contracts";
import type { FastifySchema, RouteOptions } from "fastify";
import type { z } from "zod";

declare module "fastify" {
  interface FastifySchema {
    /** Problem codes of this operation. `codesOf` adds the codes that all operations of the same form have. */
    readonly refuses?: readonly ProblemCode[];
    /** True for a POST that accepts no `Idempotency-Key`, because it changes nothing or because its response contains a new secret. */
    readonly keyless?: boolean;
    /** The schema of a body that the route checks itself, for example a document with a lint, or a stream. */
    readonly sends?: Content;
    /**
     * Describes the parts of a response that `response` omits, for example headers, the media type or an unenforced
     * schema.
     */
    readonly responses?: Readonly<Record<number, Partial<Content> & { readonly headers?: z.ZodObject }>>;
  }
}

type Content = {
  readonly schema: z.ZodType;
  readonly mediaType?: string;
  /** The schemas of other media types in which the same response exists, by media type. */
  readonly others?: Readonly<Record<string, z.ZodType>>;
};

/** One method of one address, as its route declares it. */
export type Operation = {
  readonly method: "get" | "put" | "post" | "patch" | "delete";
  /** The path, with `{id}` for `:id`. */
  readonly path: string;
  readonly schema: FastifySchema;
};

/** Returns the operations that a route declares. A route without a schema, or with a hidden schema, declares no operation. */
export function operationsOf({ method, url, schema }: RouteOptions): Operation[] {
  if (schema === undefined || schema.hide === true) return [];
  const path = url.replaceAll(/:(\w+)/g, "{$1}");
  return [method]
    .flat()
    .filter((one) => one !== "HEAD")
    .map((one) => ({ method: one.toLowerCase() as Operation["method"], path, schema }));
}

function isPublic({ schema }: Operation): boolean {
  return schema.security?.length === 0;
}

/** Returns whether the operation requires an `Idempotency-Key`, with which intake recognizes a repeated request. */
export function isKeyed({ method, schema }: Operation): boolean {
  return method === "post" && schema.keyless !== true;
}

/** Returns every problem code of an operation once, with the codes that all operations of the same form have. */
export function codesOf(operation: Operation): readonly ProblemCode[] {
  const { method, path, schema } = operation;
  const when = (holds: boolean, ...codes: ProblemCode[]): readonly ProblemCode[] => (holds ? codes : []);
  return [
    ...new Set<ProblemCode>([
      "invalid_request",
      // The key of a caller can lack the scope of the operation.
      ...when(!isPublic(operation), "unauthenticated", "forbidden", "too_many_requests"),
      ...when(path.includes("{"), "not_found"),
      ...when(method !== "get", "too_large", "unsupported_media_type"),
      ...when(isKeyed(operation), "missing_idempotency_key", "request_in_progress", "idempotency_mismatch"),
      ...(schema.refuses ?? []),
      "internal_error",
      "overloaded",
      "unavailable",
    ]),
  ];
}
