import { parseArgs } from "node:util";
import type { Brief } from "@crossline/contracts";
import { ensureParty } from "../demo/parties.ts";
import { playStory } from "../demo/story.ts";
import { CommandFault, exitWithFault } from "../fault.ts";
import { createClient } from "../client.ts";
import { readKept } from "../keys.ts";
import { checkNode } from "../node-version.ts";
import { tell } from "../print.ts";
import { playFourteenDays } from "../stories/fourteen-days.ts";
import { playKeys } from "../stories/half-past-nine.ts";
import { patiently, prepareFourteenDays, prepareKeys } from "../stories/prepare.ts";

const usage = "Usage: npx -y pnpm story 1|3|5 [--url http://127.0.0.1:7300], while `npx -y pnpm start` is running";

/** Plays one of the true stories against the running system, line by line, on a driven clock. */
async function main(): Promise<number> {
  checkNode();
  const { story, url } = readArguments();
  const key = readKept("operator-key");
  if (key === undefined) throw new CommandFault(`Nothing was ever started here. ${usage}`);
  const operator = createClient(url, key);
  await operator.get("/v1/parties").catch((cause: unknown) => {
    throw new CommandFault(`Nobody answers at ${url}. Run \`npx -y pnpm start\` in another terminal first.`, { cause });
  });
  const party = async (name: string, kind: "carrier" | "vendor", title: string) => ({
    name,
    client: await ensureParty(url, operator, { party: name, kind, name: title }),
  });
  const northtel = await party("northtel", "carrier", "Northtel (a carrier, Toronto)");
  tell("");
  if (story === "3") {
    const quill = await party("quill", "vendor", "Quill (a notebook maker, Vancouver)");
    await playFourteenDays(await patiently(() => prepareFourteenDays(northtel, quill)), tell);
    return 0;
  }
  const orchard = await party("orchard", "vendor", "Orchard (a handheld vendor, Waterloo)");
  if (story === "5") {
    await playKeys(await patiently(() => prepareKeys(northtel, orchard)), tell);
    return 0;
  }
  const demo = { northtel: northtel.client, orchard: orchard.client, operator };
  await playStory(demo, { next: (caseId, timeline) => inQueue(orchard.client, caseId, timeline) }, tell);
  return 0;
}

type Offered = { readonly handoffId: string; readonly caseId: string; readonly brief: Brief };

async function inQueue(orchard: ReturnType<typeof createClient>, caseId: string, timeline: string) {
  const { items } = await orchard.get<{ items: Offered[] }>(
    `/v1/queues/orchard.handheld/handoffs?timeline=${timeline}`,
  );
  const found = items.find((item) => item.caseId === caseId);
  if (found === undefined) throw new Error(`the queue has no hand-off of case ${caseId}`);
  return { ...found, via: "in its queue" };
}

function readArguments(): { readonly story: string; readonly url: string } {
  const { values, positionals } = parsed();
  const [story, ...more] = positionals;
  if (story === undefined || more.length > 0 || !["1", "3", "5"].includes(story)) throw new CommandFault(usage);
  return { story, url: values.url };
}

function parsed() {
  try {
    const options = { url: { type: "string", default: "http://127.0.0.1:7300" } } as const;
    return parseArgs({ allowPositionals: true, options });
  } catch (cause) {
    throw new CommandFault(usage, { cause });
  }
}

main().then((code) => process.exit(code), exitWithFault);
