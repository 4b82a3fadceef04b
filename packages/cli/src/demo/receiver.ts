import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Starts a stand-in for a duty manager's pager. The receiver passes each call of the last resort to `onCall`. The
 * receiver listens on loopback only.
 */
export async function startReceiver(
  port: number,
  onCall: (body: unknown) => void,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.writeHead(204).end();
      try {
        onCall(JSON.parse(Buffer.concat(chunks).toString("utf8")));
      } catch {
        onCall(undefined);
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}/last-resort`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
