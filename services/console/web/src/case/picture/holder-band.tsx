import type { Axis } from "./axis.ts";
import type { Holding } from "./holders.ts";
import { sizes } from "./sizes.ts";

const letterWidth = 7.5;

type HolderBandProps = { readonly axis: Axis; readonly holders: readonly Holding[] };

/** Shows the holders of the case. A name that does not fit is cut, and the table has all names. */
export function HolderBand({ axis, holders }: HolderBandProps) {
  const first = holders[0]?.holder;
  return holders.map(({ holder, from, to }) => {
    const [left, right] = [axis.placeOf(from), axis.placeOf(to)];
    const room = Math.floor((right - left - 10) / letterWidth);
    const name = holder.length <= room ? holder : room >= 3 ? `${holder.slice(0, room - 1)}…` : "";
    return (
      <g key={from} className={holder === first ? "holder carrier" : "holder vendor"}>
        <title>{holder}</title>
        <rect x={left} y={sizes.mark} width={Math.max(1.5, right - left)} height={sizes.band - 4} />
        {name !== "" && (
          <text x={left + 5} y={sizes.mark + 14}>
            {name}
          </text>
        )}
      </g>
    );
  });
}
