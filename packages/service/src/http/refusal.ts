import { isRefusal, problems } from "@crossline/contracts";
import type { Refusal } from "@crossline/contracts";
import type { FastifyReply, FastifySchema, FastifyTypeProvider } from "fastify";

/** RFC 9457, 3. */
export const problemType = "application/problem+json; charset=utf-8";
const defaultRetryAfterSeconds = 1;

/** A refusal as the document of RFC 9457. */
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

// The route's own types that do not matter here are `any`.
type ReplyTo<Schema extends FastifySchema, Provider extends FastifyTypeProvider> = FastifyReply<
  any,
  any,
  any,
  any,
  unknown,
  Schema,
  Provider
>;

/** What the route's schema says that this status is answered with. */
type Body<Schema extends FastifySchema, Provider extends FastifyTypeProvider, Status> =
  Schema["response"] extends Record<Status & number, infer Response>
    ? (Provider & { schema: Response })["serializer"]
    : never;

/**
 * Answers with what a command came to: a value that fits the route's schema for `status`, or a refusal.
 * A route ends `return send(reply, 201, await openCase(…))`.
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

/** Answers with a refusal, and leaves one log line: the code and the place, never the request. */
export function refuse(reply: FastifyReply, refused: Refusal): FastifyReply {
  const { status } = problems[refused.code];
  const { request } = reply;
  request.log.info({ code: refused.code, status, method: request.method, route: request.routeOptions.url }, "refused");
  return sendProblem(reply, refused);
}

/** Answers with a refusal, without a log line. For whoever has written a better one. */
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
