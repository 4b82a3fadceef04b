import type { SeenRecord, TrimNote } from "../history.ts";

/** Where a record lies. */
export type Place = Pick<SeenRecord, "topic" | "partition" | "offset">;

/** Which records a service may never have read, since they were deleted first. */
export type Losses = {
  readonly isLost: (service: string, place: Place) => boolean;
  /** When a service lost something: one entry for each time. */
  readonly times: (service: string) => readonly TrimNote[];
  /** Records of one service's loss and of another's are counted twice. */
  readonly records: number;
};

export function lossesOf(trims: readonly TrimNote[]): Losses {
  const isLost = (service: string, { topic, partition, offset }: Place): boolean =>
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

/** A record as an excuse names it. */
export function nameOfLost(service: string, type: string, { topic, partition, offset }: Place): string {
  return `${type} (${topic}/${partition}, offset ${offset}) was deleted before the ${service} had read it`;
}
