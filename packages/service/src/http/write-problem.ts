import { type Refusal, problems } from "@crossline/contracts";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { toProblem } from "./refusal.ts";

const readWithinMs = 1_000;

/**
 * Writes a refusal to a socket that has no HTTP request, and ends the connection. The server closes the connection a moment later, because
 * some clients neither read the response nor close.
 */
export function writeProblem(socket: Duplex, refused: Refusal, headers: readonly string[] = []): void {
  const { status } = problems[refused.code];
  const body = JSON.stringify(toProblem(refused));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/problem+json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), readWithinMs);
  socket.once("close", () => clearTimeout(timer));
}
