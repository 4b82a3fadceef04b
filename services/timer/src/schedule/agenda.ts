import { type Instant, wall } from "@crossline/contracts";
import type { TimelinePartition } from "@crossline/projection";

/**
 * Deadlines that a commit has stored, and that may be earlier than the deadlines in the agenda. With hints, the scanner reads a new
 * deadline in time. Without hints, the scanner would find a new deadline only at its poll, once a second.
 */
export type ScheduleHints = {
  /** Scopes of the wall timeline, each with a new deadline that may be the earliest in its scope. */
  readonly armed: readonly (TimelinePartition & { readonly dueAt: Instant })[];
  /** Scopes of stepped timelines and imports that may have a deadline before the mark of the timeline. */
  readonly behindMark: readonly TimelinePartition[];
};

/**
 * A scope that the scanner must read after the instant `after` of Postgres' clock. If `after` is `-Infinity`, the scanner must
 * read the scope at once.
 */
export type Appointment = TimelinePartition & { readonly after: Instant };

/**
 * The next deadlines that the scanner knows without a query. An appointment may be too early but never too late, because the process
 * adds the deadlines of each of its commits to the agenda. While the scanner reads a scope, the agenda has no appointment for that
 * scope.
 */
export type Agenda = {
  /** Adds the deadlines of a commit to the agenda. */
  takeHints(hints: ScheduleHints): void;
  /**
   * Removes and returns the appointments for which `isWanted` returns true. The caller must query the scopes of these appointments,
   * and then add new appointments with `put`.
   */
  take(isWanted: (appointment: Appointment) => boolean): Appointment[];
  put(appointments: readonly Appointment[]): void;
  list(): readonly Appointment[];
  /** Keeps the appointments of these partitions, which this process still owns, and removes all other appointments. */
  keep(partitions: ReadonlySet<number>): void;
};

/** Creates an empty agenda. */
export function createAgenda(): Agenda {
  const appointments = new Map<string, Appointment>();

  function add(appointment: Appointment): void {
    const name = `${appointment.timeline}/${appointment.partition}`;
    const listed = appointments.get(name);
    if (listed === undefined || appointment.after < listed.after) appointments.set(name, appointment);
  }

  return {
    takeHints({ armed, behindMark }) {
      for (const { partition, dueAt } of armed) add({ timeline: wall, partition, after: dueAt });
      for (const scope of behindMark) add({ ...scope, after: -Infinity });
    },
    take(isWanted) {
      const taken = [...appointments].filter(([, appointment]) => isWanted(appointment));
      for (const [name] of taken) appointments.delete(name);
      return taken.map(([, appointment]) => appointment);
    },
    put: (read) => read.forEach(add),
    list: () => [...appointments.values()],
    keep(partitions) {
      for (const [name, { partition }] of appointments) if (!partitions.has(partition)) appointments.delete(name);
    },
  };
}
