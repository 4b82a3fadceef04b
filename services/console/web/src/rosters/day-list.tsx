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
  const shifts = own?.shifts.filter((shift) => cut(shift, day) !== undefined) ?? [];
  const isToday = (span: Span): boolean => cut(span, day) !== undefined;
  return (
    <ul>
      {shifts.map((shift) => (
        <li key={`${shift.layer} ${shift.person.id} ${shift.from}`}>
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
      ))}
      {own === undefined && covered.filter(isToday).map((one) => <li key={one.from}>{times(one)} ✓ covered</li>)}
      {gaps.filter(isToday).map((gap) => (
        <li key={gap.from} className="bad">
          {times(gap)} ✕ gap
        </li>
      ))}
      {unknown !== undefined && isToday(unknown) && <li className="muted">{times(unknown)} not calculated</li>}
    </ul>
  );
}
