import type { WireRecord } from "@crossline/messaging";
import type { LockedKafka } from "@crossline/servers";
import { createLogger } from "@crossline/service";
import { type Stage, openStage } from "../stage.ts";
import { type Company, type Recorder, joinCompany } from "./company.ts";
import { createMarkers } from "./markers.ts";
import { type Receivers, openReceivers } from "./receivers.ts";

/** The text that a company has received on one stream. */
type RawStream = { readonly party: string; text: string };

/** The running services, with everything that leaves them: responses are read later, all other channels are collected. */
export type Ground = Recorder & {
  readonly stage: Stage;
  readonly receivers: Receivers;
  /** Every record that a service has sent, in order. */
  readonly records: readonly WireRecord[];
  /** Every line of the logs, from the level `trace`. */
  readonly logLines: readonly string[];
  readonly streams: readonly RawStream[];
  readonly join: (name: string, kind: "carrier" | "vendor") => Promise<Company>;
  /** Opens a company's stream and a subscription of all its events on a timeline. */
  readonly follow: (company: Company, timeline: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Starts all services in this process, with receivers for their webhooks, pages and mails. On a locked Kafka, `records` stays empty, because
 * the users of Kafka read the topics.
 */
export async function openGround(locked?: LockedKafka): Promise<Ground> {
  const receivers = await openReceivers();
  const smtpUrlBefore = process.env["SMTP_URL"];
  process.env["SMTP_URL"] = receivers.smtpUrl;
  const logLines: string[] = [];
  const records: WireRecord[] = [];
  const log = createLogger("isolation", "trace", { write: (line) => void logLines.push(line) });
  const onSend = (sent: readonly WireRecord[]): void => void records.push(...sent);
  const broker = locked === undefined ? { inProcess: true, onSend } : { locked };
  const stage = await openStage({ ...broker, insight: true, console: true, log });
  const recorder: Recorder = { markers: createMarkers(), commands: [], created: new Map(), readersOf: new Map() };
  const streams: RawStream[] = [];
  const cut = new AbortController();
  return {
    ...recorder,
    stage,
    receivers,
    records,
    logLines,
    streams,
    join: (name, kind) => joinCompany(stage, recorder, name, kind),
    async follow({ party, key, client }, timeline) {
      const stream = { party, text: "" };
      streams.push(stream);
      for (const scope of ["cases", "handoffs"])
        await openRawStream(`${stage.url}/v1/stream?after=0&timeline=${timeline}&scope=${scope}`, key, {
          signal: cut.signal,
          onText: (text) => (stream.text += text),
        });
      const url = receivers.urlOf("webhook", party, recorder.markers.plant("address of a webhook", party));
      await client.post("/v1/subscriptions", { url, timeline });
    },
    async close() {
      cut.abort();
      await stage.close();
      await receivers.close();
      if (smtpUrlBefore === undefined) delete process.env["SMTP_URL"];
      else process.env["SMTP_URL"] = smtpUrlBefore;
    },
  };
}

type Reading = { readonly signal: AbortSignal; readonly onText: (text: string) => void };

/** Collects every byte of a company's stream from its beginning. */
async function openRawStream(url: string, key: string, { signal, onText }: Reading): Promise<void> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` }, signal });
  const decoder = new TextDecoder();
  const read = async () => {
    for await (const chunk of response.body ?? []) onText(decoder.decode(chunk, { stream: true }));
  };
  read().catch(() => undefined); // The cut ends the reading with an error.
}
