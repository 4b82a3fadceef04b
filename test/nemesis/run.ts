import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "@crossline/cli";
import { queueTopic, topics } from "@crossline/contracts";
import { startAuditor } from "./auditor.ts";
import { createSender } from "./clients/sender.ts";
import { createDesk } from "./clients/desk.ts";
import { lines } from "./clients/lines.ts";
import { startLoad } from "./clients/load.ts";
import { startReceiver } from "./clients/receivers.ts";
import { createSilence } from "./clients/silence.ts";
import { openWitness } from "./clients/witness.ts";
import { carrier, registerParties, stranger, subscribed, vendor } from "./company.ts";
import { type SubscribedRecord, excusedWebhooks } from "./checker/webhooks.ts";
import { inject } from "./faults/inject.ts";
import { openRepeater } from "./faults/repeater.ts";
import { type FaultContext, NotPossible } from "./faults/fault-context.ts";
import { type History, type TrimNote, openHistory } from "./history.ts";
import { type Plan, type Step, nameOf } from "./plan.ts";
import { type Stops, runFolder, startPlatform } from "./platform.ts";
import { settle } from "./settle.ts";

export type RunOptions = {
  readonly plan: Plan;
  readonly casesPerSecond: number;
  readonly firstPort: number;
  /** The checkout whose services run. The default is this checkout. */
  readonly checkout?: string | undefined;
  /** The folder of history and logs. The default follows from the seed. */
  readonly folder?: string | undefined;
  readonly say: (line: string) => void;
  /** Receives the function that stops the run, before the first process starts. */
  readonly onStop: (stop: () => Promise<void>) => void;
};

const afterAFaultMs = 1_500;
const diskMegabytes = 3_072;
const partitions = 6;

/** Runs the plan against a separate platform under load, and returns the file with the history. */
export async function runPlan(options: RunOptions): Promise<string> {
  const { plan, firstPort, casesPerSecond, checkout, say, folder = runFolder(plan.seed) } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const stops: Stops = [];
  const stop = async (): Promise<void> => {
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) {
      await Promise.resolve(next()).catch((error: unknown) => say(String(error)));
    }
  };
  options.onStop(stop);
  try {
    const file = join(folder, "history.ndjson");
    const history = openHistory(file);
    stops.push(history.close);
    const of = { firstPort, folder, checkout, diskMegabytes, partitions, replicas: 2, say };
    const platform = await startPlatform(of, stops);
    const auditor = await startAuditor({ platform, folder, checkout, partitions });
    stops.push(auditor.stop);
    const { ports, brokers } = platform;
    const good = await startReceiver("always-well", ports.receiver(0), history);
    const victim = await startReceiver("victim", ports.receiver(1), history);
    stops.push(good.close, victim.close);
    const url = platform.addresses()[0] ?? "";
    const { keys, view } = await registerParties(url, platform.operatorKey, [good.url, victim.url]);
    const setting = { seed: plan.seed, vendor, lines, receiver: good.name, subscribed };
    history.write({ e: "setting", at: Date.now(), ...setting });

    const silence = createSilence();
    const { addresses } = platform;
    const send = createSender({ party: carrier, key: keys.carrier, addresses, history, silence });
    const sendAsStranger = createSender({ party: stranger, key: keys.stranger, addresses, history, silence });
    const sendAsVendor = createSender({ party: vendor, key: keys.vendor, addresses, history, silence });
    const desk = createDesk({
      vendor,
      carrier: send,
      send: sendAsVendor,
      handlingOf: (caseId) => liveHandling(view, caseId),
    });
    const own = [topics.case, topics.clock, topics.handoff];
    const read = [...own, queueTopic(vendor, "wall"), ...auditor.topics];
    const subscribedRecords = new Map<string, SubscribedRecord>();
    const trims: TrimNote[] = [];
    const witness = await openWitness(brokers, read, history, (record) => {
      if (subscribed.includes(record.type) && !subscribedRecords.has(record.id))
        subscribedRecords.set(record.id, record);
      desk.receive(record);
    });
    stops.push(witness.close);
    const repeater = await openRepeater(brokers, own);
    stops.push(repeater.close);

    say(`opening ${casesPerSecond.toFixed(1)} cases a second`);
    const load = startLoad({ send, stranger: sendAsStranger, casesPerSecond, seed: plan.seed, silence });
    const onTrimmed = (trimmed: TrimNote): void => {
      trims.push(trimmed);
      history.write(trimmed);
    };
    await injectFaults(plan, { platform, victim, repeater, witness, silence, onTrimmed }, history, say);
    say("the last fault is over; the clients finish every story");
    const allWebhooksArrived = (): boolean => {
      const excuses = excusedWebhooks([...subscribedRecords.values()], trims);
      return [...subscribedRecords.keys()].every((id) => good.has(id) || excuses.has(id));
    };
    await settle({ load, desk, witness, allWebhooksArrived, view, history, say });
    return file;
  } finally {
    await stop();
  }
}

async function liveHandling(view: Client, caseId: string): Promise<string | undefined> {
  const { liveHandlings } = await view.get<{ liveHandlings: { id: string }[] }>(`/v1/cases/${caseId}`);
  return liveHandlings[0]?.id;
}

/**
 * Runs each step at its time in the plan. If a step takes longer, for example until a disk is free again, the next step
 * begins later.
 */
async function injectFaults({ steps }: Plan, context: FaultContext, history: History, say: (line: string) => void) {
  const began = performance.now();
  const write = (step: number, { name, phase, why }: FaultNote): void => {
    history.write({ e: "fault", at: Date.now(), step, name, phase, ...(why !== undefined && { why }) });
    if (why !== undefined) say(`  ${name}: ${why}`);
  };
  for (const [number, step] of steps.entries()) {
    await delay(Math.max(number === 0 ? 0 : afterAFaultMs, began + step.atMs - performance.now()));
    const seconds = Math.round((performance.now() - began) / 1000);
    say(`${seconds} s: ${step.faults.map(nameOf).join(" + ")}`);
    await injectStep(step, context, (note) => write(number, note));
  }
  await delay(afterAFaultMs);
}

type FaultNote = {
  readonly name: string;
  readonly phase: "begins" | "over" | "skipped" | "failed";
  readonly why?: string | undefined;
};

async function injectStep(step: Step, context: FaultContext, write: (note: FaultNote) => void): Promise<void> {
  await Promise.all(
    step.faults.map(async (fault) => {
      const name = nameOf(fault);
      write({ name, phase: "begins" });
      try {
        const result = await inject(fault, step, context);
        write({ name, phase: "over", why: result ?? undefined });
      } catch (error) {
        const phase = error instanceof NotPossible ? "skipped" : "failed";
        write({ name, phase, why: (error as Error).message });
      }
    }),
  );
}
