import { refusal } from "@crossline/contracts";
import type { Refusal } from "@crossline/contracts";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { RequestValidationError } from "fastify-zod-openapi";
import { UnreadableBody } from "./json.ts";
import { refuse, sendProblem } from "./refusal.ts";
import { refuseInvalid } from "./validation.ts";

/** Says which faults are nobody's fault here and pass by themselves (`unavailable`); nothing for all others. */
export type FaultToRefusal = (error: unknown) => Refusal | undefined;

/** The one place where what was thrown becomes an answer. */
export function createErrorHandler(toRefusal: FaultToRefusal | undefined) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const wrong = wrongRequest(error, request);
    if (wrong !== undefined) return refuse(reply, wrong);
    const place = { method: request.method, route: request.routeOptions.url };
    if (clientIsGone(error, request)) {
      request.log.info(place, "the client went away");
      return reply.code(400).send();
    }
    const passing = toRefusal?.(error);
    if (passing !== undefined) {
      request.log.warn({ code: passing.code, ...place, err: error }, "refused because of a fault that passes");
      return sendProblem(reply, passing);
    }
    request.log.error({ ...place, err: error }, "a request failed");
    const detail = `This is a fault of ours. Quote the request id ${request.id} when you report it.`;
    return sendProblem(reply, refusal("internal_error", detail, { facts: { requestId: request.id } }));
  };
}

/** What the sender can mend. */
function wrongRequest(error: FastifyError, request: FastifyRequest): Refusal | undefined {
  if (error instanceof UnreadableBody) return error.refused;
  if (error.validation !== undefined) {
    const found = error.validation.filter((each) => each instanceof RequestValidationError);
    return refuseInvalid(
      error.validationContext ?? "body",
      found.map((each) => each.params.issue),
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
      return refusal("invalid_request", "The body is not as long as the header `content-length` says.");
    case "FST_ERR_BAD_URL":
      return refusal("invalid_request", "The address is not a valid one: it holds a damaged %-escape.");
    case "FST_ERR_MAX_PARAM_LENGTH":
      return refusal("invalid_request", "A part of the address is too long.");
    default:
      return undefined;
  }
}

function clientIsGone(error: FastifyError, request: FastifyRequest): boolean {
  return request.raw.destroyed && (error.code === "ECONNRESET" || error.code === "ERR_STREAM_PREMATURE_CLOSE");
}
