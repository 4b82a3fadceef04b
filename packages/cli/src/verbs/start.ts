import type { BrokerKind } from "../arguments.ts";
import { watchAudit } from "../audit.ts";
import { firstCase } from "../demo/first-case.ts";
import { openInbox } from "../demo/inbox.ts";
import { handheldConsumer, tryIt } from "../demo/lines.ts";
import { type Demo, ensureDemo } from "../demo/parties.ts";
import { startReceiver } from "../demo/receiver.ts";
import { type StoryCase, playStory } from "../demo/story.ts";
import { startPlatform } from "../platform.ts";
import { printTable, say, print } from "../print.ts";
import { rememberPort } from "../running.ts";
import { buildScreens } from "../screens.ts";
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
  await buildScreens(say);
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
  const inbox = await openInbox(demo, await platform.connectDesk("orchard"), ({ topic, type, caseId }) => {
    if (!topic.includes("stepped")) say(`Orchard's consumer received ${type} for ${caseId}`);
  });
  stops.push(inbox.close);
  let played: StoryCase | undefined;
  if (story) {
    print("\nStory 1, the three-hour call, on a stepped timeline (Toronto time):\n");
    played = await playStory(demo, inbox, print);
  }
  print(`\n${await signInLinks(platform.url, demo, played)}`);
  print(`\n${invite(platform.url)}\n\nCtrl-C stops everything. The data stays for the next start.`);
  await stopped;
  return 0;
}

/** Returns a sign-in link for each of the demo's parties. The links open the case of the story, or the board without a story. */
async function signInLinks(url: string, { northtel, orchard, operator }: Demo, story?: StoryCase): Promise<string> {
  const first = story === undefined ? "/app/board" : `/app/cases/${story.caseId}?timeline=${story.timeline}`;
  const people = [
    { client: northtel, person: "rep-1", role: "lead", screen: first, who: "a lead of Northtel, the carrier" },
    { client: orchard, person: "eng-4", role: "desk-lead", screen: first, who: "an engineer of Orchard, the vendor" },
    { client: operator, person: "operator-1", role: "operator", screen: "/app/operations", who: "the operator" },
  ];
  const rows = await Promise.all(
    people.map(async ({ client, person, role, screen, who }) => {
      const { path } = await requestLink(client, { person, roles: [role] });
      return `As ${who}:\n\n  ${url}${screen}${path.slice(1)}`;
    }),
  );
  return `Sign in with a browser, once per link and within ten minutes. A browser keeps one session.\n\n${rows.join("\n\n")}`;
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
