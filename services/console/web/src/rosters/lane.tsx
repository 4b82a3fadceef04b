import type { CSSProperties } from "react";
import type { Shift } from "./roster-week.ts";
import { useDrag } from "./use-drag.ts";
import { type Span, placeIn } from "./week.ts";
import { spanText } from "./words.ts";

type LaneProps = {
  readonly name: string;
  readonly shifts: readonly Shift[];
  readonly span: Span;
  readonly zone: string;
  /** Opens the form of an override. Absent: the person may not change the roster. */
  readonly onOverride: ((span: Span) => void) | undefined;
};

/** A bar of less than this share of the week is too narrow for a button, so its override needs the form. */
const narrowest = 2.2;

/** Shows the shifts of one layer as bars. A bar opens the form of an override, and so does a drawn span. */
export function Lane({ name, shifts, span, zone, onOverride }: LaneProps) {
  const { drawn, handlers } = useDrag(span, (chosen) => onOverride?.(chosen));
  return (
    <div className="lane">
      <span className="lane-name">{name}</span>
      <ul className="track" aria-label={`Layer ${name}`} {...(onOverride !== undefined && handlers)}>
        {shifts.map((shift) => (
          <li key={`${shift.person.id} ${shift.from}`} className="shift" style={styleOf(span, shift)}>
            <ShiftBar shift={shift} span={span} zone={zone} onOverride={onOverride} />
          </li>
        ))}
        {drawn !== undefined && onOverride !== undefined && (
          <li className="drawn" style={styleOf(span, drawn)}>
            {spanText(drawn, zone)}
          </li>
        )}
      </ul>
    </div>
  );
}

type ShiftBarProps = Pick<LaneProps, "span" | "zone" | "onOverride"> & { readonly shift: Shift };

function ShiftBar({ shift, span, zone, onOverride }: ShiftBarProps) {
  const { person, quiet } = shift;
  const isOut = person.unreachable !== undefined;
  const text = `${person.name}, ${spanText(shift, zone)}${isOut ? ", cannot be reached" : ""}`;
  const content = (
    <>
      {quiet.map((one) => (
        <span key={one.from} className="quiet-hours" style={styleOf(shift, one)} />
      ))}
      <span className="fitting" aria-hidden="true">
        <strong>
          {isOut && "✕ "}
          {person.initials}
        </strong>{" "}
        <bdi>{person.name}</bdi>
      </span>
      <span className="hidden">{text}</span>
    </>
  );
  const className = isOut ? "bar-of-shift bad" : "bar-of-shift";
  return onOverride === undefined || placeIn(span, shift).width < narrowest ? (
    <span className={className} title={text}>
      {content}
    </span>
  ) : (
    <button type="button" className={className} title={text} onClick={() => onOverride(shift)}>
      {content}
    </button>
  );
}

/** Places an element in its track. */
export function styleOf(whole: Span, part: Span): CSSProperties {
  const { start, width } = placeIn(whole, part);
  return { insetInlineStart: `${start}%`, width: `${width}%` };
}
