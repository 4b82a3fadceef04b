import { refusal } from "@crossline/contracts";
import type { Refusal } from "@crossline/contracts";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { RequestValidationError } from "fastify-zod-openapi";
import { UnreadableBody } from "./json.ts";
import { refuse, sendProblem } from "./refusal.ts";
import { refuseInvalid } from "./validation.ts";

/**
 * Returns the refusal for a transient fault, for example `unavailable`. Returns undefined for a fault that is not
 * transient.
 */
export type FaultToRefusal = (error: unknown) => Refusal | undefined;

/** Returns the error handler, which is the only code that turns an exception into a response. */
export function createErrorHandler(toRefusal: FaultToRefusal | undefined) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const wrong = wrongRequest(error, request);
    if (wrong !== undefined) return refuse(reply, wrong);
    const place = { method: request.method, route: request.routeOptions.url };
    if (clientIsGone(error, request)) {
      request.log.info(place, "the client closed the connection");
      return reply.code(400).send();
    }
    const passing = toRefusal?.(error);
    if (passing !== undefined) {
      request.log.warn({ code: passing.code, ...place, err: error }, "refused because of a temporary fault");
      return sendProblem(reply, passing);
    }
    request.log.error({ ...place, err: error }, "a request failed");
    const detail = `This is an internal error of Crossline. Report it with the request id ${request.id}.`;
    return sendProblem(reply, refusal("internal_error", detail, { facts: { requestId: request.id } }));
  };
}

/** Returns the refusal for an error that the client can fix. */
function wrongRequest(error: FastifyError, request: FastifyRequest): Refusal | undefined {
  if (error instanceof UnreadableBody) return error.refused;
  if (error.validation !== undefined) {
    const errors = error.validation.filter((each) => each instanceof RequestValidationError);
    return refuseInvalid(
      error.validationContext ?? "body",
      errors.map((each) => each.params.issue),
    );
  }
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE": {
      const limit = request.routeOptions.bodyLimit;
      return refusal("too_large", `The body is larger than ${limit} bytes.`, { facts: { limitBytes: limit } });
    }
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return refusal("unsupported_media_type", "Send the body as `content-type: application/json`.");
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return refusal("invalid_request", "The length of the body differs from the header `content-length`.");
    case "FST_ERR_BAD_URL":
      return refusal("invalid_request", "The address is not valid: it contains a damaged %-escape.");
    case "FST_ERR_MAX_PARAM_LENGTH":
      return refusal("invalid_request", "A part of the address is too long.");
    default:
      return undefined;
  }
}

function clientIsGone(error: FastifyError, request: FastifyRequest): boolean {
  return request.raw.destroyed && (error.code === "ECONNRESET" || error.code === "ERR_STREAM_PREMATURE_CLOSE");
}
