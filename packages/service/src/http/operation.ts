import type { ProblemCode } from "@crossline/contracts";
import type { FastifySchema, RouteOptions } from "fastify";
import type { z } from "zod";
import type { Caller } from "./caller.ts";

declare module "fastify" {
  interface FastifySchema {
    /** Problem codes that this operation answers, besides those that its form implies (`codesOf`). */
    readonly refuses?: readonly ProblemCode[];
    /** A POST that changes nothing: it takes no `Idempotency-Key`. */
    readonly keyless?: boolean;
    /** The body, where the route checks it by itself and takes anything: a document with a lint, a stream. */
    readonly sends?: Content;
    /** What `response` does not say of an answer: its headers, its media type, a schema that is not enforced. */
    readonly answers?: Readonly<Record<number, Partial<Content> & { readonly headers?: z.ZodObject }>>;
  }
}

type Content = { readonly schema: z.ZodType; readonly mediaType?: string };

/** One method of one address, as its route declares it. */
export type Operation = {
  readonly method: "get" | "put" | "post" | "patch" | "delete";
  /** With `{id}` for `:id`. */
  readonly path: string;
  readonly schema: FastifySchema;
  /** Whom its own door lets on; undefined where it says nothing. */
  readonly kinds?: readonly Caller["kind"][];
};

/** The operations that a route declares: none without a schema, or with a hidden one. */
export function operationsOf({ method, url, schema, onRequest }: RouteOptions): Operation[] {
  if (schema === undefined || schema.hide === true) return [];
  const path = url.replaceAll(/:(\w+)/g, "{$1}");
  const kinds = [onRequest ?? []]
    .flat()
    .flatMap((door) => ("kinds" in door ? [door.kinds as Operation["kinds"]] : []))[0];
  return [method]
    .flat()
    .filter((one) => one !== "HEAD")
    .map((one) => {
      const operation = { method: one.toLowerCase() as Operation["method"], path, schema };
      return kinds === undefined ? operation : { ...operation, kinds };
    });
}

function isPublic({ schema }: Operation): boolean {
  return schema.security?.length === 0;
}

/** Whether a repetition is recognised by its `Idempotency-Key`, which then has to be there. */
export function isKeyed({ method, schema }: Operation): boolean {
  return method === "post" && schema.keyless !== true;
}

/** Every problem code that an operation can answer, without repetitions. What follows from its form is said here once for all. */
export function codesOf(operation: Operation): readonly ProblemCode[] {
  const { method, path, schema, kinds } = operation;
  const when = (holds: boolean, ...codes: ProblemCode[]): readonly ProblemCode[] => (holds ? codes : []);
  return [
    ...new Set<ProblemCode>([
      "invalid_request",
      ...when(!isPublic(operation), "unauthenticated", "too_many_requests"),
      ...when(kinds !== undefined && kinds.length < allKinds, "forbidden"),
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

const allKinds = 3;
