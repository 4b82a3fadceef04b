import { type Instant, wall } from "@crossline/contracts";
import type { TimelinePartition } from "@crossline/projection";

/** What a commit may have made due sooner. A hint to read the table earlier: without it, the scanner reads it a moment later. */
export type ScheduleHints = {
  /** Scopes of the wall whose earliest due instant may be this one. */
  readonly armed: readonly (TimelinePartition & { readonly dueAt: Instant })[];
  /** Scopes of other timelines that may have something to fire. */
  readonly behindMark: readonly TimelinePartition[];
};

/** When a scope must be read next: after this instant of the real clock. `-Infinity`: now. */
export type Appointment = TimelinePartition & { readonly after: Instant };

/**
 * What the scanner knows of the next deadlines without asking the table. It may name one too early, never one too late:
 * what a commit of this process arms is heard here, and what is being looked up counts as unknown until it is known.
 */
export type Agenda = {
  takeHints(hints: ScheduleHints): void;
  /** Everything that has to be looked at; what is taken must be put back with what was found. */
  take(isWanted: (appointment: Appointment) => boolean): Appointment[];
  put(appointments: readonly Appointment[]): void;
  list(): readonly Appointment[];
  /** Drops what is no longer ours. */
  keep(partitions: ReadonlySet<number>): void;
};

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
