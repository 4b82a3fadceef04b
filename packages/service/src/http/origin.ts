import type { MessageCaller, MessageOrigin } from "@crossline/contracts";
import type { FastifyRequest } from "fastify";
import { type Caller, callerOf } from "./caller.ts";

/** Returns the trace and the sender of a request, which the messages of its command carry. */
export function originOf(request: FastifyRequest<any, any, any, any, any, any>): MessageOrigin {
  const { traceparent } = request;
  return { ...(traceparent !== undefined && { traceparent }), caller: toMessage(callerOf(request as FastifyRequest)) };
}

function toMessage({ keyId: id, session }: Caller): MessageCaller {
  return { id, ...(session !== undefined && { roles: session.roles }) };
}
