import { isRefusal, problems } from "@crossline/contracts";
import type { Refusal } from "@crossline/contracts";
import type { FastifyReply, FastifySchema, FastifyTypeProvider } from "fastify";

/** The content type of a problem document (RFC 9457, 3). */
export const problemType = "application/problem+json; charset=utf-8";
const defaultRetryAfterSeconds = 1;

/** Returns the problem document of a refusal (RFC 9457). */
export function toProblem(refused: Refusal): Record<string, unknown> {
  const { status, title } = problems[refused.code];
  return {
    ...refused.facts,
    type: `/problems/${refused.code}`,
    title,
    status,
    detail: refused.detail,
    code: refused.code,
    ...(refused.fields !== undefined && { fields: refused.fields }),
  };
}

// A type parameter of a route is `any` if it has no effect here.
type ReplyTo<Schema extends FastifySchema, Provider extends FastifyTypeProvider> = FastifyReply<
  any,
  any,
  any,
  any,
  unknown,
  Schema,
  Provider
>;

/** The type of the body that the route's schema declares for this status. */
type Body<Schema extends FastifySchema, Provider extends FastifyTypeProvider, Status> =
  Schema["response"] extends Record<Status & number, infer Response>
    ? (Provider & { schema: Response })["serializer"]
    : never;

/**
 * Sends the result of a command: a value of the route's schema for `status`, or a refusal.
 * A route ends with `return send(reply, 201, await openCase(…))`.
 */
export function send<
  Schema extends FastifySchema,
  Provider extends FastifyTypeProvider,
  Status extends keyof Schema["response"] & number,
>(reply: ReplyTo<Schema, Provider>, status: Status, result: Body<Schema, Provider, Status> | Refusal): FastifyReply {
  const plain = reply as unknown as FastifyReply;
  const code: number = status;
  return isRefusal(result) ? refuse(plain, result) : plain.code(code).send(result);
}

/** Sends a refusal and writes one log message with the code, the status and the route, never with the request. */
export function refuse(reply: FastifyReply, refused: Refusal): FastifyReply {
  const { status } = problems[refused.code];
  const { request } = reply;
  request.log.info({ code: refused.code, status, method: request.method, route: request.routeOptions.url }, "refused");
  return sendProblem(reply, refused);
}

/** Sends a refusal without a log message. The caller may log a message of its own. */
export function sendProblem(reply: FastifyReply, refused: Refusal): FastifyReply {
  const { status } = problems[refused.code];
  const later = status === 503 || status === 429 ? defaultRetryAfterSeconds : undefined;
  const retryAfterSeconds = refused.retryAfterSeconds ?? later;
  if (retryAfterSeconds !== undefined) void reply.header("retry-after", String(Math.ceil(retryAfterSeconds)));
  if (status === 401) void reply.header("www-authenticate", 'Bearer realm="crossline"');
  return reply
    .code(status)
    .type(problemType)
    .send(JSON.stringify(toProblem(refused)));
}
