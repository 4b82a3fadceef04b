import type { KafkaOptions } from "./client.ts";
import { KafkaRefusedError, type RefusedRequests, describeRefusal } from "./fault.ts";

/**
 * A refusal counts for this time after its last occurrence. Each kind of request is retried more often, unless another replica
 * has taken over the work.
 */
const freshMs = 30_000;

/** The present refusals of Kafka, by the kind of request. */
export type Refusals = {
  /** Runs the requests. If Kafka refuses them, rejects with a KafkaRefusedError, and otherwise with the error itself. */
  watch<T>(kind: string, requests: () => Promise<T>, needed?: RefusedRequests): Promise<T>;
  /** Returns a KafkaRefusedError if Kafka has refused a request, and otherwise the error itself. */
  explain(kind: string, error: Error, needed?: RefusedRequests): Error;
  /** Call when Kafka has granted this kind of request. */
  granted(kind: string): void;
  /** Returns the sentence of a present refusal, for a health check. */
  current(): string | undefined;
};

/**
 * Creates the record of refusals of one connection. The record logs the first refusal of a kind of request. Otherwise only the
 * component that retries would log, and each of them logs at its own time.
 */
export function createRefusals(connection: KafkaOptions): Refusals {
  const refused = new Map<string, { readonly sentence: string; readonly at: number }>();
  const explain: Refusals["explain"] = (kind, error, needed) => {
    const sentence = describeRefusal(error, { ...connection, ...needed });
    if (sentence === undefined) return error;
    if (refused.get(kind)?.sentence !== sentence)
      connection.log.warn({ kind, refusal: sentence }, "Kafka refuses a request");
    refused.set(kind, { sentence, at: performance.now() });
    return new KafkaRefusedError(sentence, { cause: error });
  };
  return {
    explain,
    async watch(kind, requests, needed) {
      try {
        const response = await requests();
        refused.delete(kind);
        return response;
      } catch (error) {
        throw explain(kind, error as Error, needed);
      }
    },
    granted: (kind) => void refused.delete(kind),
    current: () => [...refused.values()].find(({ at }) => performance.now() - at < freshMs)?.sentence,
  };
}
