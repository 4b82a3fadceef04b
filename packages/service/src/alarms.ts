import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

/** Counts an alarm and logs it as an error, with these fields. */
export type RaiseAlarm<Alarm extends string> = (alarm: Alarm, fields: Readonly<Record<string, unknown>>) => void;

/**
 * Creates the counter of a service's alarms, each of which a person must act on. `messages` are the log messages by alarm.
 * Every alarm begins at 0: Prometheus cannot see an increase from nothing to 1.
 */
export function createAlarms<Alarm extends string>(
  metrics: Metrics,
  log: Log,
  service: string,
  messages: Readonly<Record<Alarm, string>>,
): RaiseAlarm<Alarm> {
  const alarms = Object.keys(messages) as Alarm[];
  const raised = metrics.counter({
    name: `crossline_${service}_alarms_total`,
    help: `Alarms, each of which a person must act on: ${alarms.join(", ")}`,
    labels: ["alarm"],
  });
  for (const alarm of alarms) raised.inc({ alarm }, 0);
  return (alarm, fields) => {
    raised.inc({ alarm });
    log.error(fields, messages[alarm]);
  };
}
