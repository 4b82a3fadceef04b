import { setTimeout as delay } from "node:timers/promises";
import { connectServices } from "../internal-clients.ts";
import { print, say } from "../print.ts";

type Position = { readonly state: "current" | "rebuilding"; readonly behind: number; readonly readUntil?: string };

const pollMs = 500;
const progressMs = 5_000;

/**
 * Runs `insight rebuild` or `console rebuild`. The service deletes its tables and reads the topics from their beginning. The verb waits
 * until the service has read them to their end, and shows the progress.
 */
export async function rebuild(name: "insight" | "console", port?: number): Promise<number> {
  const client = (await connectServices(port))(name);
  await client.post("/internal/rebuild");
  say(`${name} reads the topics from their beginning`);
  for (let saidAt = performance.now(); ; await delay(pollMs)) {
    const { state, behind, readUntil } = await client.get<Position>("/internal/position");
    if (state === "current") {
      print(`The service ${name} is rebuilt. It has read all events before ${readUntil}.`);
      return 0;
    }
    if (performance.now() - saidAt < progressMs) continue;
    saidAt = performance.now();
    say(`${behind.toLocaleString("en")} records are left`);
  }
}
