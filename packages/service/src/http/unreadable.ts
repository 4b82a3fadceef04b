import { refusal } from "@crossline/contracts";
import type { Duplex } from "node:stream";
import type { AddressResponder } from "./unknown-address.ts";
import { writeProblem } from "./write-problem.ts";

type ParserError = Error & { code?: string; rawPacket?: unknown };

const details: Record<string, string> = {
  HPE_HEADER_OVERFLOW: "The headers are larger than the limit.",
  ERR_HTTP_REQUEST_TIMEOUT: "The request did not arrive in time.",
};

/** The request line of RFC 9112, 3. A method is any token, but Node's parser knows only some methods. */
const requestLine = /^[\w!#$%&'*+.^`|~-]+ (\S+) HTTP\/1\.[01]\r?\n/;

/**
 * Responds to bytes that are no HTTP request. Fastify has no request for such bytes, so the response is written to the socket.
 */
export function refuseUnreadable(error: ParserError, socket: Duplex, untaken?: AddressResponder): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const packet = error.code === "HPE_INVALID_METHOD" ? error.rawPacket : undefined;
  const address = Buffer.isBuffer(packet) ? requestLine.exec(packet.toString("latin1"))?.[1] : undefined;
  if (address !== undefined && untaken !== undefined) {
    const { refused, allow } = untaken(address);
    return writeProblem(socket, refused, allow === undefined ? [] : [`allow: ${allow}`]);
  }
  writeProblem(socket, refusal("invalid_request", details[error.code ?? ""] ?? "This is not a valid HTTP request."));
}
