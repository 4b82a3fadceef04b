import { connect } from "node:net";

const apiVersions = 18;
const correlation = 7;

/**
 * Returns whether a broker on this port of 127.0.0.1 responds to a request. An open port proves nothing, because the kernel
 * accepts connections for a broker that is still loading.
 */
export function isKafkaResponding(port: number, timeoutMs = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const end = (isResponding: boolean) => {
      socket.destroy();
      resolve(isResponding);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once("error", () => end(false));
    socket.once("close", () => end(false));
    socket.once("connect", () => socket.write(apiVersionsRequest()));
    socket.once("data", (response: Buffer) => end(response.length >= 8 && response.readInt32BE(4) === correlation));
  });
}

/**
 * Returns the bytes of an ApiVersions request. The request consists of its length, Kafka's API key, version 0, the
 * correlation id and the client id.
 */
function apiVersionsRequest(): Buffer {
  const client = "crossline";
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2 + client.length);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(apiVersions, 4);
  request.writeInt32BE(correlation, 8);
  request.writeInt16BE(client.length, 12);
  request.write(client, 14);
  return request;
}
