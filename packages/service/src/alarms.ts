import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

/** Counts one alarm and logs it as an error with these fields. */
export type RaiseAlarm<Alarm extends string> = (alarm: Alarm, fields: Readonly<Record<string, unknown>>) => void;

/**
 * Creates the counter of a service's alarms. A person must act on each alarm. `messages` has the log message of each alarm.
 * Every alarm begins at 0, because Prometheus reports no increase from an absent series to 1.
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
