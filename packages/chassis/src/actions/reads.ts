import { type Instant, formatInstant, newId } from "@crossline/contracts";
import { appendToOutbox } from "@crossline/messaging";
import { type Database, now } from "@crossline/postgres";
import { type FastifyRequest, type Log } from "@crossline/service";
import { actionOf } from "./action-of.ts";
import { type ReadAction, toReads } from "./messages.ts";

/** Records the reads of companies. */
export type ReadRecorder = {
  /** Records a read, unless the same caller has read the same address recently. */
  readonly record: (request: FastifyRequest) => void;
  /** Does the same for a request whose response ends much later. The end of the response records nothing more. */
  readonly recordEarly: (request: FastifyRequest) => void;
  /** Saves the reads that wait, and ends. */
  readonly stop: () => Promise<void>;
};

export type ReadDeps = {
  readonly database: Pick<Database, "transaction">;
  readonly service: string;
  readonly log: Log;
  /** Wakes the relay. */
  readonly wakeRelay: () => void;
};

/** The time for which the recorder skips further reads of the same address by the same caller. A person reads more deliberately than a program. */
const againMs = { key: 3_600_000, session: 300_000 };
/** The largest number of callers and addresses in memory. After that, the recorder forgets the oldest, and records its next read again. */
const rememberedMax = 20_000;
const gatherMs = 800;
const retryMs = 1_000;
const waitingMax = 10_000;
const readsPerRecord = 500;

type UndatedAction = Omit<ReadAction, "at"> & { readonly since: number };

/**
 * Creates the recorder of reads. Reads gather for 0.8 s, and one transaction then appends them to the outbox. A crash therefore loses the
 * reads of less than a second. While the database is down, at most 10,000 reads wait, and the oldest are then lost with a log message.
 */
export function createReadRecorder(deps: ReadDeps): ReadRecorder {
  const { log } = deps;
  const seen = new Map<string, number>();
  const early = new WeakSet<FastifyRequest>();
  const waiting: UndatedAction[] = [];
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> = Promise.resolve();

  const schedule = (afterMs: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      saving = saveAll();
    }, afterMs).unref();
  };

  async function saveAll(): Promise<void> {
    const reads = waiting.splice(0);
    if (reads.length === 0) return;
    try {
      await saveReads(deps, reads);
    } catch (error) {
      log.warn({ err: error, reads: reads.length }, "the reads of callers were not saved, and wait");
      waiting.unshift(...reads);
      const lost = waiting.splice(0, Math.max(0, waiting.length - waitingMax)).length;
      if (lost > 0) log.error({ reads: lost }, "reads of callers are lost, because too many waited for the database");
      schedule(retryMs);
    }
  }

  function record(request: FastifyRequest): void {
    const { caller } = request;
    if (caller === undefined || early.has(request)) return;
    const at = performance.now();
    // The path as the client wrote it costs less than the address of the action, and most reads end here.
    const name = `${caller.keyId} ${request.url.split("?", 1)[0]}`;
    const last = seen.get(name);
    if (last !== undefined && at - last < againMs[caller.session === undefined ? "key" : "session"]) return;
    remember(seen, name, at);
    const action = actionOf(request);
    if (action === undefined) return;
    const { actor, operation, address, case: caseId } = action;
    waiting.push({ actor, operation, address, ...(caseId !== undefined && { case: caseId }), since: at });
    schedule(gatherMs);
  }

  return {
    record,
    recordEarly(request) {
      record(request);
      early.add(request);
    },
    async stop() {
      clearTimeout(timer);
      await saving;
      await saveAll();
      clearTimeout(timer);
    },
  };
}

function remember(seen: Map<string, number>, name: string, at: number): void {
  seen.delete(name);
  seen.set(name, at);
  if (seen.size <= rememberedMax) return;
  const [oldest] = seen.keys();
  if (oldest !== undefined) seen.delete(oldest);
}

async function saveReads({ database, service, wakeRelay }: ReadDeps, reads: readonly UndatedAction[]): Promise<void> {
  await database.transaction(async (tx) => {
    const at = await now(tx);
    const savedAt = performance.now();
    const dated = reads.map((read) => toRead(read, at - Math.round(savedAt - read.since)));
    const parts = Array.from({ length: Math.ceil(dated.length / readsPerRecord) }, (_, index) =>
      dated.slice(index * readsPerRecord, (index + 1) * readsPerRecord),
    );
    await appendToOutbox(
      tx,
      parts.map((part) => toReads(newId("ac"), service, at, part)),
    );
  });
  wakeRelay();
}

function toRead(undated: UndatedAction, at: Instant): ReadAction {
  const { since: _, ...action } = undated;
  return { at: formatInstant(at), ...action };
}
