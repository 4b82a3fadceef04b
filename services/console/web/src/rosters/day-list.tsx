import { Fragment } from "react";
import type { RosterWeek } from "./roster-week.ts";
import { type Day, type Span, cut } from "./week.ts";
import { changeText, dayText, timesText } from "./words.ts";

/** Lists a week day by day, for small windows. */
export function DayList({ week }: { readonly week: RosterWeek }) {
  return (
    <ol className="day-list">
      {week.days.map((day) => (
        <li key={day.date}>
          <h3>
            {dayText(day.date)} {changeText(day) !== "" && <span className="chip warn">{changeText(day)}</span>}
          </h3>
          <DayRows week={week} day={day} />
        </li>
      ))}
    </ol>
  );
}

function DayRows({
  week: { own, covered, gaps, unknown, zone },
  day,
}: {
  readonly week: RosterWeek;
  readonly day: Day;
}) {
  const times = (span: Span): string => timesText(cut(span, day) ?? span, zone);
  const isToday = (span: Span): boolean => cut(span, day) !== undefined;
  const rows = [
    ...(own?.shifts ?? [])
      .filter(isToday)
      .map((shift) => ({ span: shift, row: <ShiftRow {...{ shift, times, isToday }} /> })),
    ...(own === undefined ? covered : [])
      .filter(isToday)
      .map((span) => ({ span, row: <li>{times(span)} ✓ covered</li> })),
    ...gaps.filter(isToday).map((span) => ({ span, row: <li className="bad">{times(span)} ✕ gap</li> })),
    ...[unknown].flatMap((span) =>
      span !== undefined && isToday(span)
        ? [{ span, row: <li className="muted">{times(span)} not calculated</li> }]
        : [],
    ),
  ];
  return (
    <ul>
      {rows
        .toSorted((one, other) => one.span.from - other.span.from)
        .map(({ span, row }, place) => (
          <Fragment key={`${span.from} ${place}`}>{row}</Fragment>
        ))}
    </ul>
  );
}

type ShiftRowProps = {
  readonly shift: NonNullable<RosterWeek["own"]>["shifts"][number];
  readonly times: (span: Span) => string;
  readonly isToday: (span: Span) => boolean;
};

function ShiftRow({ shift, times, isToday }: ShiftRowProps) {
  return (
    <li>
      <span className="number">{times(shift)}</span> <bdi>{shift.person.name}</bdi>{" "}
      <span className="muted">{shift.layer}</span>
      {shift.person.unreachable !== undefined && <span className="bad"> ✕ cannot be reached</span>}
      {shift.quiet.filter(isToday).map((quiet) => (
        <span key={quiet.from} className="muted">
          {" "}
          · quiet {times(quiet)}
        </span>
      ))}
    </li>
  );
}
