import { clockWords } from "../../ui/clock-words.ts";
import type { Axis } from "./axis.ts";
import type { Bar, Lane, LaneLife } from "./lanes.ts";
import { coalesceLives } from "./coalesce.ts";
import { sizes } from "./sizes.ts";

type LaneRowsProps = {
  readonly axis: Axis;
  readonly lanes: readonly Lane[];
  readonly tops: readonly number[];
  /** The fill of a rested part. */
  readonly hatch: string;
  readonly width: number;
};

const barHeight = 10;
/** A life narrower than this has no edge of its own, because the edges would hide the lane. */
const narrow = 3;

/** Shows a lane for each clock: its name above, and its lives below. */
export function LaneRows({ axis, lanes, tops, hatch, width }: LaneRowsProps) {
  return lanes.map((lane, index) => {
    const top = tops[index] ?? 0;
    return (
      <g key={`${lane.clock} ${lane.charged}`} className="lane">
        <text x={0} y={top + 12} className="lane-name">
          {clockWords(lane.clock)} <tspan className="lane-charged">{lane.charged}</tspan>
        </text>
        <line
          className="lane-ground"
          x1={0}
          x2={width}
          y1={top + sizes.label + lane.rows * sizes.row}
          y2={top + sizes.label + lane.rows * sizes.row}
        />
        {coalesceLives(lane.lives, axis, narrow).map((life) => (
          <LifeRow
            key={life.life.incarnation}
            life={life}
            axis={axis}
            top={top + sizes.label + life.row * sizes.row}
            hatch={hatch}
          />
        ))}
        {/* The next life begins at a breach, so its bar would cover half of the mark. */}
        {lane.lives.filter(hasMark).map((life) => (
          <LifeMarks
            key={life.life.incarnation}
            life={life}
            axis={axis}
            middle={top + sizes.label + life.row * sizes.row + barHeight / 2}
          />
        ))}
      </g>
    );
  });
}

function hasMark({ warnings, breach, due }: LaneLife): boolean {
  return warnings.length > 0 || breach !== undefined || due !== undefined;
}

type LifeRowProps = { readonly life: LaneLife; readonly axis: Axis; readonly top: number; readonly hatch: string };

function LifeRow({ life, axis, top, hatch }: LifeRowProps) {
  const [left, right] = [axis.placeOf(life.from), axis.placeOf(life.to)];
  return (
    <g className={life.life.provisional ? "life provisional" : "life"}>
      {life.bars.map((bar) => (
        <BarShape key={`${bar.kind} ${bar.from}`} bar={bar} axis={axis} top={top} hatch={hatch} />
      ))}
      {right - left >= narrow ? (
        <rect className="life-edge" x={left + 0.5} y={top} width={right - left - 1} height={barHeight} />
      ) : (
        <line className="life-tick" x1={left} x2={left} y1={top} y2={top + barHeight} />
      )}
    </g>
  );
}

type LifeMarksProps = { readonly life: LaneLife; readonly axis: Axis; readonly middle: number };

function LifeMarks({ life, axis, middle }: LifeMarksProps) {
  return (
    <>
      {life.warnings.map((at) => (
        <path key={at} className="warning" d={trianglePath(axis.placeOf(at), middle)} />
      ))}
      {life.due !== undefined && (
        <path
          className="target"
          d={`M${axis.placeOf(life.due)} ${middle - barHeight / 2 - 2}v${barHeight + 4}m-3 0h6m-6 ${-barHeight - 4}h6`}
        />
      )}
      {life.breach !== undefined && <BreachMark place={axis.placeOf(life.breach)} middle={middle} />}
    </>
  );
}

type BarShapeProps = { readonly bar: Bar; readonly axis: Axis; readonly top: number; readonly hatch: string };

function BarShape({ bar: { kind, from, to }, axis, top, hatch }: BarShapeProps) {
  const left = axis.placeOf(from);
  const width = axis.placeOf(to) - left;
  if (kind === "closed" || kind === "remaining") {
    const y = top + barHeight / 2;
    return <line className={kind} x1={left} x2={left + width} y1={y} y2={y} />;
  }
  return (
    <rect
      className={kind}
      x={left}
      y={top}
      width={width}
      height={barHeight}
      {...(kind === "rested" && { fill: hatch })}
    />
  );
}

function BreachMark({ place, middle }: { readonly place: number; readonly middle: number }) {
  return (
    <g className="breach">
      <circle cx={place} cy={middle} r={7} />
      <path d={`M${place - 3} ${middle - 3}l6 6m0 -6l-6 6`} />
    </g>
  );
}

function trianglePath(place: number, middle: number): string {
  return `M${place} ${middle - 6}l5 10h-10z`;
}
