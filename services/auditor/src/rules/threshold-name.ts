/** The identity of a threshold of one incarnation of a clock. */
export type ThresholdName = { readonly clock: string; readonly incarnation: string; readonly threshold: number };

/** Returns whether a list contains this threshold. */
export function isAmong(names: readonly ThresholdName[], { clock, incarnation, threshold }: ThresholdName): boolean {
  return names.some((name) => name.clock === clock && name.incarnation === incarnation && name.threshold === threshold);
}
