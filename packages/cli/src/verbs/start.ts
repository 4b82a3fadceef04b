import type { BrokerKind } from "../arguments.ts";
import { watchAudit } from "../audit.ts";
import { firstCase } from "../demo/first-case.ts";
import { openInbox } from "../demo/inbox.ts";
import { handheldConsumer, tryIt } from "../demo/lines.ts";
import { ensureDemo } from "../demo/parties.ts";
import { startReceiver } from "../demo/receiver.ts";
import { playStory } from "../demo/story.ts";
import { startPlatform } from "../platform.ts";
import { printTable, say, print } from "../print.ts";
import { rememberPort } from "../running.ts";
import { untilStopped } from "../until-stopped.ts";
import { requestLink } from "./sign-in-link.ts";

export type StartOptions = { readonly broker?: BrokerKind; readonly port: number; readonly story: boolean };

/**
 * Runs `start`. The verb starts PostgreSQL, a broker and the services, plays story 1 if `story` is set, and returns
 * after Ctrl-C.
 */
export async function start({ broker, port, story }: StartOptions): Promise<number> {
  const stops: (() => Promise<void>)[] = [];
  const stopped = untilStopped(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop();
  });
  const platform = await startPlatform({ broker, firstPort: port, say });
  stops.push(platform.stop);
  rememberPort(port);
  stops.push(watchAudit(platform.settings, say).stop);
  const receiver = await startReceiver(port + 9, (body) => say(`Crossline calls the last resort: ${summary(body)}`));
  stops.push(receiver.stop);
  printTable(platform.rows);
  const demo = await ensureDemo(platform.url, platform.settings.operatorKey, [
    handheldConsumer(receiver.url),
    tryIt(receiver.url),
  ]);
  const inbox = await openInbox(demo, platform.settings.brokers, ({ topic, type, caseId }) => {
    if (!topic.includes("stepped")) say(`Orchard's consumer received ${type} for ${caseId}`);
  });
  stops.push(inbox.close);
  if (story) {
    print("\nStory 1, the three-hour call, on a stepped timeline (Toronto time):\n");
    await playStory(demo, inbox, print);
  }
  const { path } = await requestLink(demo.northtel, { person: "rep-1", roles: ["lead"] });
  print(`\nSign in as a lead of Northtel, once and within ten minutes:\n\n${platform.url}${path}`);
  print(`\n${invite(platform.url)}\n\nCtrl-C stops everything. The data stays for the next start.`);
  await stopped;
  return 0;
}

/** Returns the commands of the first case with explanations. */
function invite(url: string): string {
  const { open, beat, list } = firstCase(url);
  return `Your first case, with a rep on the phone. Under the line try-it it crosses after 15 s without progress:

${open}

A heartbeat once a minute reports that the rep is still on the phone, until the handling ends. The id of the handling is liveHandlings[0].id in the response.

${beat}

Fifteen seconds after the opening the case is in the vendor's queue:

${list}`;
}

function summary(body: unknown): string {
  const { data, type } = (body ?? {}) as { type?: string; data?: { caseId?: string; call?: number } };
  return [type, data?.caseId, data?.call === undefined ? undefined : `call ${data.call}`]
    .filter((part) => part !== undefined)
    .join(", ");
}
