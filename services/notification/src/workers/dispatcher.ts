import { type Secrets, signingSecrets } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import type { Tracing } from "@crossline/tracing";
import { claimDue, type Claimed, type ClaimLimits, nextDueInMs, subscriptionSecrets } from "../store/claim.ts";
import { lastResortSecrets } from "../store/last-resort-secret.ts";
import { bundlePages, type BundlingDeps } from "../commands/bundle-pages.ts";
import { endOvertakenPages } from "../commands/end-overtaken-pages.ts";
import { mailAddressOf } from "../delivery/mail-address.ts";
import type { Mailer } from "../delivery/mailer.ts";
import type { Recorder } from "./recorder.ts";
import type { Sender, Sent } from "../delivery/send.ts";
import { signedHeaders } from "../delivery/signature.ts";
import { traceAttempt } from "../delivery/trace-attempt.ts";
import { circuitOpensAfter } from "../delivery/verdict.ts";

export type DispatcherDeps = BundlingDeps & {
  readonly database: Database;
  readonly log: Log;
  readonly tracing: Tracing;
  readonly sender: Sender;
  readonly mailer: Mailer;
  readonly recorder: Recorder;
  readonly limits: { readonly total: number; readonly perTarget: number; readonly perParty: number };
  readonly leaseMs: number;
  readonly onSent: (sent: Sent) => void;
};

export type Dispatcher = {
  /** Something may have come due. */
  wake(): void;
  readonly loop: Loop;
  /** Claims nothing more, lets attempts end for a moment, then breaks them off: those come due again, for whoever is there. */
  stop(): Promise<void>;
};

const idleMs = 1_000; // Another process may have made or dropped something; our own doings wake the loop.
const leastMs = 10;
const endWithinMs = 3_000;

/** Sends what is due, within the limits. Nobody waits for anybody: each attempt runs by itself, and frees its place when it has ended. */
export function startDispatcher(deps: DispatcherDeps): Dispatcher {
  const { database, log, tracing, recorder, limits, leaseMs, onSent } = deps;
  const inHand = new Map<Claimed, Promise<void>>();
  const breakOff = new AbortController();

  async function deliver(claimed: Claimed, secrets: Secrets): Promise<void> {
    const attempt = traceAttempt(tracing, claimed);
    const sent = await sendOne(deps, claimed, { secrets, traceparent: attempt.traceparent }, breakOff.signal);
    attempt.end(sent);
    if (breakOff.signal.aborted) return; // Not the receiver's doing: it is neither counted nor written down.
    onSent(sent);
    await recorder.record({ claimed, sent });
  }

  function begin(claimed: Claimed, secrets: Secrets): void {
    const running = deliver(claimed, secrets)
      .catch((error: unknown) => log.warn({ err: error }, "an attempt is repeated, as it could not be written down"))
      .finally(() => {
        inHand.delete(claimed);
        loop.wake();
      });
    inHand.set(claimed, running);
  }

  const loop = startLoop({
    name: "delivery-dispatcher",
    log,
    run: async () => {
      const most = limits.total - inHand.size;
      if (most <= 0) return { sleepMs: idleMs };
      const claimed = await claimDue(
        database,
        {
          most,
          perTarget: limits.perTarget,
          perParty: limits.perParty,
          leaseMs,
          openAfter: circuitOpensAfter,
        } satisfies ClaimLimits,
        [...inHand.keys()],
      );
      if (claimed.length === 0)
        return { sleepMs: Math.min(idleMs, Math.max(leastMs, (await nextDueInMs(database)) ?? idleMs)) };
      const held = await endOvertakenPages(database, claimed, deps.onOvertaken);
      const wanted = await bundlePages(database, held, deps);
      const secrets = await findSecrets(database, wanted);
      for (const one of wanted) {
        const own = secrets(one);
        if (own !== undefined) begin(one, own);
      }
      return { sleepMs: 0 };
    },
  });

  return {
    wake: () => loop.wake(),
    loop,
    async stop() {
      await loop.stop();
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, endWithinMs);
      // Not longer, whatever becomes of them: with the database away an attempt cannot be written down.
      await Promise.race([Promise.all(inHand.values()), late.promise]);
      clearTimeout(timer);
      breakOff.abort();
    },
  };
}

/** One attempt, by whichever way the receiver is reached. */
function sendOne(
  { mailer, sender }: Pick<DispatcherDeps, "mailer" | "sender">,
  { url, payload, messageId, now }: Claimed,
  { secrets, traceparent }: { readonly secrets: Secrets; readonly traceparent: string | undefined },
  signal: AbortSignal,
): Promise<Sent> {
  const address = mailAddressOf(url);
  if (address !== undefined) return mailer.send(address, payload, signal);
  const headers = {
    ...(traceparent !== undefined && { traceparent }),
    "content-type": "application/cloudevents+json; charset=utf-8",
    "user-agent": "Crossline-Webhooks/1",
    ...signedHeaders(signingSecrets(secrets, now), messageId, now, payload),
  };
  return sender.send(url, headers, payload, signal);
}

async function findSecrets(database: Database, claimed: readonly Claimed[]) {
  const subscriptions = claimed.map(({ subscriptionId }) => subscriptionId).filter((id) => id !== null);
  const carriers = claimed.filter(({ subscriptionId }) => subscriptionId === null).map(({ party }) => party);
  const [ofSubscriptions, ofCarriers] = await Promise.all([
    subscriptionSecrets(database, subscriptions),
    carriers.length === 0 ? new Map<string, Secrets>() : lastResortSecrets(database, carriers),
  ]);
  return ({ subscriptionId, party }: Claimed) =>
    subscriptionId === null ? ofCarriers.get(party) : ofSubscriptions.get(subscriptionId);
}
