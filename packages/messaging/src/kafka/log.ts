import { logLevel } from "kafkajs";
import type { LogEntry } from "kafkajs";
import type { Log } from "../broker.ts";

const quietMs = 10_000;
// The expression matches errors that are normal during a start, a rebalance or a restart. `keepSubscribed` reports
// crashes itself.
const expected = /rebalanc|not aware of this member|without match|not the leader|coordinator is (not|loading)|^Crash: /;

/**
 * Forwards kafkajs' log messages. An error of kafkajs becomes a warning, because it mostly reports one failed try
 * before a retry. When this package stops retrying, it logs its own message. Logs the same message at most once in ten
 * seconds, because an outage would cause dozens of messages. Copies only fields that never contain a record.
 */
export function kafkaLog(log: Log): (entry: LogEntry) => void {
  const last = new Map<string, { at: number; held: number }>();
  return ({ namespace, level, log: line }) => {
    const key = `${namespace} ${line.message}`;
    const before = last.get(key);
    const at = performance.now();
    if (before !== undefined && at - before.at < quietMs) {
      before.held++;
      return;
    }
    if (last.size > 200) last.clear();
    last.set(key, { at, held: 0 });
    const { broker, groupId, memberId, retryCount, error } = line as Record<string, unknown>;
    const fields = {
      namespace,
      said: line.message,
      ...(typeof broker === "string" && { broker }),
      ...(typeof groupId === "string" && { groupId }),
      ...(typeof memberId === "string" && { memberId }),
      ...(typeof retryCount === "number" && { retryCount }),
      ...(typeof error === "string" && { error }),
      ...(before !== undefined && before.held > 0 && { heldBack: before.held }),
    };
    const isExpected = expected.test(`${line.message} ${typeof error === "string" ? error : ""}`);
    if (level <= logLevel.WARN && !isExpected) log.warn(fields, "kafka client");
    else log.debug(fields, "kafka client");
  };
}
