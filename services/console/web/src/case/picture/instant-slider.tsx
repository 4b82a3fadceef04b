import { useId } from "react";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { instantText, zoneName } from "../../time/format.ts";
import { iso, msOf } from "../instants.ts";
import { placeOfStop } from "./stops.ts";

type InstantSliderProps = {
  readonly stops: readonly number[];
  readonly events: readonly number[];
  /** The chosen instant, which the clocks show a moment later. Undefined is now. */
  readonly chosen: string | undefined;
  readonly zone: string;
  /** Shows an instant. Undefined shows now. */
  readonly onShow: (instant: number | undefined) => void;
};

/** Chooses the instant that the clocks show: with a slider, or from event to event. */
export function InstantSlider({ stops, events, chosen, zone, onShow }: InstantSliderProps) {
  const id = useId();
  const last = stops.length - 1;
  const now = stops[last] ?? 0;
  const shown = chosen === undefined ? now : Math.min(msOf(chosen), now);
  const isPast = shown < now;
  const place = isPast ? placeOfStop(stops, shown) : last;
  const show = (instant: number | undefined): void =>
    onShow(instant === undefined || instant >= now ? undefined : instant);
  const earlier = events.findLast((instant) => instant < shown);
  const later = events.find((instant) => instant > shown) ?? (isPast ? now : undefined);
  useShortcuts([
    { keys: "[", text: "Show the clocks at the previous event", run: () => earlier !== undefined && show(earlier) },
    { keys: "]", text: "Show the clocks at the next event", run: () => later !== undefined && show(later) },
  ]);
  return (
    <div className="instant-slider">
      <button
        type="button"
        aria-label="Previous event"
        aria-keyshortcuts="["
        aria-disabled={earlier === undefined}
        onClick={() => earlier !== undefined && show(earlier)}
      >
        ◀
      </button>
      <label htmlFor={id} className="hidden">
        Show the clocks as of
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={Math.max(1, last)}
        step={1}
        value={place}
        aria-valuetext={`${instantText(iso(stops[place] ?? shown), zone, now)} ${zoneName(zone)}`}
        onChange={({ target }) => show(stops[target.valueAsNumber])}
      />
      <button
        type="button"
        aria-label="Next event"
        aria-keyshortcuts="]"
        aria-disabled={later === undefined}
        onClick={() => later !== undefined && show(later)}
      >
        ▶
      </button>
      <button type="button" aria-disabled={!isPast} onClick={() => show(undefined)}>
        Now
      </button>
    </div>
  );
}
