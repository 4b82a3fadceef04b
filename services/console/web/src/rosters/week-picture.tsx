import { Lane, styleOf } from "./lane.tsx";
import type { RosterWeek } from "./roster-week.ts";
import { type Span, cut } from "./week.ts";
import { changeText, dayText, spanText } from "./words.ts";

type WeekPictureProps = {
  readonly week: RosterWeek;
  readonly now: number;
  readonly onOverride: ((span: Span) => void) | undefined;
};

/** Draws a week of a roster: its days with their true lengths, its coverage, and for an own roster a lane for each layer. */
export function WeekPicture({ week, now, onOverride }: WeekPictureProps) {
  const { days, span, zone, own } = week;
  const present = cut({ from: now, to: now + 1 }, span);
  return (
    <div className="week-picture">
      <div className="lane">
        <span className="lane-name" />
        <ol className="track days" aria-label="Days">
          {days.map((day) => (
            <li key={day.date} style={styleOf(span, day)} className={cut({ from: now, to: now + 1 }, day) && "today"}>
              {dayText(day.date)} {changeText(day) !== "" && <strong className="chip warn">{changeText(day)}</strong>}
            </li>
          ))}
        </ol>
      </div>
      {own?.layers.map((layer) => (
        <Lane
          key={layer}
          name={layer}
          shifts={own.shifts.filter((shift) => shift.layer === layer)}
          span={span}
          zone={zone}
          onOverride={onOverride}
        />
      ))}
      <Coverage week={week} />
      {present !== undefined && (
        <div className="lane now-lane" aria-hidden="true">
          <span className="lane-name" />
          <span className="track">
            <span className="now-mark" style={{ insetInlineStart: styleOf(span, present).insetInlineStart }} />
          </span>
        </div>
      )}
    </div>
  );
}

function Coverage({ week: { covered, gaps, unknown, span, zone } }: { readonly week: RosterWeek }) {
  return (
    <div className="lane">
      <span className="lane-name">Coverage</span>
      <ul className="track coverage" aria-label="Coverage">
        {covered.map((one) => (
          <li key={one.from} className="covered" style={styleOf(span, one)} title={`covered, ${spanText(one, zone)}`}>
            <Sign sign="✓" word="covered" />
            <span className="hidden">covered, {spanText(one, zone)}</span>
          </li>
        ))}
        {gaps.map((one) => (
          <li key={one.from} className="gap" style={styleOf(span, one)} title={`gap, ${spanText(one, zone)}`}>
            <Sign sign="✕" word="gap" />
            <span className="hidden">gap, {spanText(one, zone)}</span>
          </li>
        ))}
        {unknown !== undefined && (
          <li className="unknown" style={styleOf(span, unknown)}>
            not calculated
          </li>
        )}
      </ul>
    </div>
  );
}

/** The sign of a bar with its word, which a narrow bar leaves out. Screen readers get the word from elsewhere. */
function Sign({ sign, word }: { readonly sign: string; readonly word: string }) {
  return (
    <span className="fitting" aria-hidden="true">
      <span>{sign}</span> <span>{word}</span>
    </span>
  );
}
