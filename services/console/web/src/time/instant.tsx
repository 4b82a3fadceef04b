import { completeText, instantText, timeOfDay, viewerZone, zoneName } from "./format.ts";

type InstantProps = {
  readonly at: string;
  /** The now of the timeline, which decides whether the day is shown. */
  readonly now: number;
  /** The zone of the thing to which the instant belongs. Default: the zone of the viewer. */
  readonly zone?: string;
  /** Names the zone after the instant. It is needed if no heading names the zone. */
  readonly named?: boolean;
  readonly form?: "short" | "time";
};

/** Shows an instant in one zone. Its tooltip has the zone of the viewer and UTC. */
export function Instant({ at, now, zone = viewerZone, named = false, form = "short" }: InstantProps) {
  return (
    <time dateTime={at} title={completeText(at, zone)}>
      {form === "time" ? timeOfDay(at, zone) : instantText(at, zone, now)}
      {named && <span className="zone"> {zoneName(zone)}</span>}
    </time>
  );
}
