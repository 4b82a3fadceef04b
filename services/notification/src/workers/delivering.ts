import type { Database } from "@crossline/postgres";
import type { Log, Loop } from "@crossline/service";
import { type Tracing, noTracing } from "@crossline/tracing";
import { diallingOf, type Settings } from "../config.ts";
import type { Unheard } from "../commands/publish-abandoned.ts";
import { startDispatcher } from "./dispatcher.ts";
import { createMailer } from "../delivery/mailer.ts";
import type { Recorded } from "../commands/record-attempts.ts";
import { startRecorder } from "./recorder.ts";
import { type Sent, createSender } from "../delivery/send.ts";
import type { Outcome } from "../store/outcome.ts";

export type DeliveringDeps = {
  readonly settings: Settings;
  readonly database: Database;
  readonly log: Log;
  /** The counters of attempts. */
  readonly figures: {
    sent(sent: Sent): void;
    recorded(outcomes: readonly Outcome[]): void;
    unheard(unheard: Unheard): void;
    overtaken(count: number): void;
  };
  readonly tracing?: Tracing;
  /** Something was appended to the outbox. */
  readonly onTold: () => void;
};

/** `progress` and `success` are those of the loop that claims what is due. */
export type Delivering = Pick<Loop, "progress" | "success"> & {
  /** Something may have come due. */
  wake(): void;
  /** Claims nothing more, lets attempts end for some seconds, and breaks off what is left: that comes due again. */
  stop(): Promise<void>;
};

/** Sender, recorder and dispatcher, put together: from a due delivery to what became of it. */
export function startDelivering({
  settings,
  database,
  log,
  tracing = noTracing,
  figures,
  onTold,
}: DeliveringDeps): Delivering {
  const { timeoutMs, privateAddresses, retry, atOnce, mail } = settings;
  const sender = createSender({ timeoutMs, privateAddresses });
  const onRecorded = ({ outcomes, unheard }: Recorded) => {
    figures.recorded(outcomes);
    figures.unheard(unheard);
    onTold();
  };
  const recorder = startRecorder({ database, log, policy: retry, onRecorded });
  const dispatcher = startDispatcher({
    database,
    log,
    tracing,
    sender,
    mailer: createMailer(mail, timeoutMs),
    recorder,
    limits: atOnce,
    leaseMs: timeoutMs * 1.5,
    pace: settings.pace,
    dialling: diallingOf(settings),
    onSent: (sent) => figures.sent(sent),
    onOvertaken: (count) => {
      figures.overtaken(count);
      onTold();
    },
  });
  return {
    wake: () => dispatcher.wake(),
    stop: async () => {
      await dispatcher.stop();
      await recorder.stop();
      await sender.close();
    },
    progress: (limitMs) => dispatcher.loop.progress(limitMs),
    success: (limitMs) => dispatcher.loop.success(limitMs),
  };
}
