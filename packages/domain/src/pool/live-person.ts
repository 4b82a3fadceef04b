/** A named person of the carrier with a live handling. */
export type LivePerson = {
  readonly handlingId: string;
  readonly person: string;
  /** True if the person was certified for the device when the handling began. */
  readonly certified: boolean;
  /** True while the heartbeats have stopped. */
  readonly silent?: true;
};
