import type { SeenRecord, TrimNote } from "../history.ts";

/** The place of a record on the broker. */
export type RecordPlace = Pick<SeenRecord, "topic" | "partition" | "offset">;

/** The records that a service may never have read, because they were deleted first. */
export type Losses = {
  readonly isLost: (service: string, place: RecordPlace) => boolean;
  /** The losses of a service, with one entry per trim. */
  readonly times: (service: string) => readonly TrimNote[];
  /** The number of deleted records. A record that two services lost counts twice. */
  readonly records: number;
};

export function lossesOf(trims: readonly TrimNote[]): Losses {
  const isLost = (service: string, { topic, partition, offset }: RecordPlace): boolean =>
    trims.some(
      (trim) =>
        trim.service === service &&
        trim.topic === topic &&
        trim.partition === partition &&
        trim.from <= offset &&
        offset < trim.to,
    );
  const times = (service: string): TrimNote[] =>
    [...Map.groupBy(trims, ({ at }) => at).values()].flatMap(([first]) => (first?.service === service ? [first] : []));
  return { isLost, times, records: trims.reduce((sum, { from, to }) => sum + to - from, 0) };
}

/** Returns the text with which an excuse names a lost record. */
export function nameOfLost(service: string, type: string, { topic, partition, offset }: RecordPlace): string {
  return `${type} (${topic}/${partition}, offset ${offset}) was deleted before the ${service} had read it`;
}
