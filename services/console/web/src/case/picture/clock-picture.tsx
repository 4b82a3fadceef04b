import { type Ref, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { idleText } from "../words.ts";
import { type Axis, type AxisStretch, axisOf } from "./axis.ts";
import { HolderBand } from "./holder-band.tsx";
import type { Holding } from "./holders.ts";
import { LaneRows } from "./lane-rows.tsx";
import type { Lane } from "./lanes.ts";
import { ticksOf } from "./ticks.ts";
import { laneTops, sizes } from "./sizes.ts";

type ClockPictureProps = {
  readonly stretches: readonly AxisStretch[];
  readonly holders: readonly Holding[];
  readonly lanes: readonly Lane[];
  /** The instant for which the clocks are shown. */
  readonly at: number;
  readonly isPast: boolean;
  readonly zone: string;
  readonly atText: string;
  readonly title: string;
  readonly description: string;
};

/** The clocks of a case as a picture: the holders, a lane for each clock, the times, and the shown instant. */
export function ClockPicture(props: ClockPictureProps) {
  const { stretches, holders, lanes, at, isPast, zone, atText, title, description } = props;
  const id = useId();
  const [frame, width] = useWidth();
  const axis = useMemo(() => axisOf(stretches, width), [stretches, width]);
  const tops = laneTops(lanes);
  const height = tops.end + sizes.axis;
  const place = axis.placeOf(at);
  return (
    <div ref={frame} className="clock-picture">
      <svg role="img" aria-labelledby={`${id}-title ${id}-text`} width={width} height={height}>
        <title id={`${id}-title`}>{title}</title>
        <desc id={`${id}-text`}>{description}</desc>
        <defs>
          <pattern id={`${id}-hatch`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="6" className="hatch" />
          </pattern>
        </defs>
        <IdleStretches axis={axis} bottom={tops.end} />
        <TimeAxis axis={axis} top={tops.end} zone={zone} at={at} width={width} />
        {isPast && <rect className="later" x={place} y={0} width={Math.max(0, width - place)} height={tops.end} />}
        <line className="now" x1={place} x2={place} y1={sizes.mark - 4} y2={tops.end} />
        <HolderBand axis={axis} holders={holders} />
        <LaneRows axis={axis} lanes={lanes} tops={tops.lanes} hatch={`url(#${id}-hatch)`} width={width} />
        <text className="now" x={place} y={11} textAnchor={anchorOf(place, width, 30)}>
          {atText}
        </text>
      </svg>
    </div>
  );
}

/** Keeps a text of twice the width `half` inside the picture. */
function anchorOf(place: number, width: number, half: number): "start" | "middle" | "end" {
  return place < half ? "start" : place > width - half ? "end" : "middle";
}

function IdleStretches({ axis, bottom }: { readonly axis: Axis; readonly bottom: number }) {
  return axis.stretches
    .filter(({ isIdle }) => isIdle)
    .map(({ from, to }) => {
      const [left, right] = [axis.placeOf(from), axis.placeOf(to)];
      return (
        <g key={from} className="idle">
          <rect x={left} y={sizes.mark} width={right - left} height={bottom - sizes.mark} />
          <text x={(left + right) / 2} y={bottom + 27} textAnchor="middle">
            {right - left >= idleText(to - from).length * 7 + 8 ? idleText(to - from) : "…"}
          </text>
        </g>
      );
    });
}

type TimeAxisProps = {
  readonly axis: Axis;
  readonly top: number;
  readonly zone: string;
  readonly at: number;
  readonly width: number;
};

function TimeAxis({ axis, top, zone, at, width }: TimeAxisProps) {
  const ticks = useMemo(() => ticksOf(axis, zone, at), [axis, zone, at]);
  return ticks.map(({ instant, label, day }) => {
    const place = axis.placeOf(instant);
    return (
      <g key={instant} className="tick">
        <line x1={place} x2={place} y1={sizes.mark} y2={top + 4} />
        <text x={place} y={top + 15} textAnchor={anchorOf(place, width, 22)}>
          {label}
        </text>
        {day !== undefined && (
          <text x={place} y={top + 40} textAnchor={anchorOf(place, width, 36)}>
            {day}
          </text>
        )}
      </g>
    );
  });
}

/** Returns a reference to an element and its width, which changes with the window. */
function useWidth(): readonly [Ref<HTMLDivElement>, number] {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(300);
  useLayoutEffect(() => {
    const frame = element.current;
    if (frame === null) return undefined;
    const measure = (): void => setWidth(Math.max(200, Math.floor(frame.clientWidth)));
    const observer = new ResizeObserver(measure);
    observer.observe(frame);
    measure();
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
