import type { Lane } from "./lanes.ts";

/** The heights of the parts of the picture in pixels. `mark` is the row above everything with the shown instant. */
export const sizes = { mark: 18, band: 24, label: 17, row: 13, gap: 7, axis: 46 } as const;

type LaneTops = { readonly lanes: readonly number[]; readonly end: number };

/** Returns the upper edge of each lane's label, and the lower edge of the last lane. */
export function laneTops(lanes: readonly Lane[]): LaneTops {
  let top = sizes.mark + sizes.band + sizes.gap;
  const tops = lanes.map(({ rows }) => {
    const own = top;
    top += sizes.label + rows * sizes.row + sizes.gap;
    return own;
  });
  return { lanes: tops, end: top };
}
