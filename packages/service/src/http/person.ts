import { type Refusal, actingPersonFields, refusal } from "@crossline/contracts";
import type { FastifyInstance } from "fastify";
import type { z } from "zod";
import { refuse } from "./refusal.ts";

/** A field of a body or a query that names the actor of the request: the person, or the mark that a program acts. */
type ActorField = { readonly name: string; readonly is: "person" | "program" };
type Fields = Record<string, unknown>;
/** The schemas of a route that can name the actor. Every route has zod schemas. */
type ActorSchemas = { readonly body?: z.core.$ZodType; readonly querystring?: z.core.$ZodType };

/**
 * Adds the hook that stamps the signed-in person into the body and the query of each request. A request that names another person, or a
 * program, is refused. The person of an event is therefore proven.
 */
export function stampPerson(http: FastifyInstance): void {
  const known = new WeakMap<object, readonly ActorField[]>();
  const fieldsIn = (schema: z.core.$ZodType | undefined): readonly ActorField[] => {
    if (schema === undefined) return [];
    const found = known.get(schema) ?? actorFields(schema);
    known.set(schema, found);
    return found;
  };
  http.addHook("preValidation", (request, reply, done) => {
    const person = request.caller?.session?.person;
    if (person === undefined) return done();
    const { body, querystring } = (request.routeOptions.schema ?? {}) as ActorSchemas;
    const ofBody = fieldsIn(body);
    if (ofBody.length > 0) request.body ??= {};
    const refused = stamp(request.body, ofBody, person) ?? stamp(request.query, fieldsIn(querystring), person);
    if (refused === undefined) done();
    else refuse(reply, refused);
  });
}

function stamp(content: unknown, actor: readonly ActorField[], person: string): Refusal | undefined {
  // The validation refuses a content that is no object.
  if (typeof content !== "object" || content === null || Array.isArray(content)) return undefined;
  const fields = content as Fields;
  for (const { name, is } of actor) {
    const value = fields[name];
    if (is === "program") {
      if (value === true) return notYou(name, "must be false or absent, because a signed-in person sends the request");
    } else if (value === undefined) fields[name] = person;
    else if (typeof value === "string" && value.trim().normalize() !== person)
      return notYou(name, `must be "${person}" or absent`);
  }
  return undefined;
}

function notYou(name: string, message: string): Refusal {
  const fields = [{ at: `/${name}`, message }];
  return refusal("forbidden", "The request names an actor other than the signed-in person.", { fields });
}

/** Returns the fields of an object's schema that are in `actingPersonFields`. */
function actorFields(schema: z.core.$ZodType): ActorField[] {
  const def = defOf(schema);
  switch (def.type) {
    case "object":
      return Object.entries(def.shape).flatMap(([name, field]) => {
        const mark = markOf(field);
        return mark === undefined ? [] : [{ name, is: mark.is }];
      });
    case "union":
      return def.options.flatMap(actorFields);
    case "optional":
    case "default":
    case "prefault":
      return actorFields(def.innerType);
    case "pipe":
      return actorFields(def.in);
    default:
      return [];
  }
}

/** A field can be an optional variant of a marked field. */
function markOf(field: z.core.$ZodType): { readonly is: ActorField["is"] } | undefined {
  const def = defOf(field);
  return actingPersonFields.get(field) ?? (def.type === "optional" ? markOf(def.innerType) : undefined);
}

function defOf(schema: z.core.$ZodType): z.core.$ZodTypes["_zod"]["def"] {
  return (schema as z.ZodType).def as z.core.$ZodTypes["_zod"]["def"];
}
