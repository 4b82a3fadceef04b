import type { BrokerKind } from "../arguments.ts";
import { watchAudit } from "../audit.ts";
import { firstCase } from "../demo/first-case.ts";
import { openInbox } from "../demo/inbox.ts";
import { handheldConsumer, tryIt } from "../demo/lines.ts";
import { ensureDemo } from "../demo/parties.ts";
import { startReceiver } from "../demo/receiver.ts";
import { playStory } from "../demo/story.ts";
import { startPlatform } from "../platform.ts";
import { printTable, say, tell } from "../print.ts";
import { rememberPort } from "../running.ts";
import { untilStopped } from "../until-stopped.ts";

export type StartOptions = { readonly broker?: BrokerKind; readonly port: number; readonly story: boolean };

/** `start`: brings up PostgreSQL, a broker and the services, plays story 1 where `story` is set, and returns after Ctrl-C. */
export async function start({ broker, port, story }: StartOptions): Promise<number> {
  const stops: (() => Promise<void>)[] = [];
  const stopped = untilStopped(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop();
  });
  const platform = await startPlatform({ broker, firstPort: port, say });
  stops.push(platform.stop);
  rememberPort(port);
  stops.push(watchAudit(platform.settings, say).stop);
  const receiver = await startReceiver(port + 9, (body) => say(`the last resort is called: ${summary(body)}`));
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
    tell("\nStory 1, the three-hour call, on a driven clock (Toronto time):\n");
    await playStory(demo, inbox, tell);
  }
  tell(`\n${invite(platform.url)}\n\nCtrl-C stops everything; the data stays for the next start.`);
  await stopped;
  return 0;
}

/** The first case, between what there is to say about it. */
function invite(url: string): string {
  const { open, beat, look } = firstCase(url);
  return `Your first case, with a rep on the phone, under the line try-it (15 s without progress, and it crosses):

${open}

The rep stays on the phone: a heartbeat a minute says so, until the handling ends. Its id is liveHandlings[0].id of the answer.

${beat}

Fifteen seconds after the opening it is in the vendor's queue:

${look}`;
}

function summary(body: unknown): string {
  const { data, type } = (body ?? {}) as { type?: string; data?: { caseId?: string; call?: number } };
  return [type, data?.caseId, data?.call === undefined ? undefined : `call ${data.call}`]
    .filter((part) => part !== undefined)
    .join(", ");
}
