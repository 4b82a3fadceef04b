import { problems, refusal } from "@crossline/contracts";
import type { Socket } from "node:net";
import { toProblem } from "./refusal.ts";

const details: Record<string, string> = {
  HPE_HEADER_OVERFLOW: "The headers are larger than the limit.",
  ERR_HTTP_REQUEST_TIMEOUT: "The request did not arrive in time.",
};

/** Answers bytes that are no HTTP request: there is no request to answer, so it is written to the socket by hand. */
export function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const refused = refusal("invalid_request", details[error.code ?? ""] ?? "This is not a valid HTTP request.");
  const body = JSON.stringify(toProblem(refused));
  const head = [
    `HTTP/1.1 ${problems[refused.code].status} Bad Request`,
    "content-type: application/problem+json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
