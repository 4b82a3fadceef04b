import type { Report } from "@crossline/contracts";
import { Instant } from "../time/instant.tsx";
import { useWallMinute } from "../time/now.ts";

/** Says until when insight has read the events, or that it still reads them. */
export function AsOf({ asOf }: Pick<Report, "asOf">) {
  const now = useWallMinute();
  if (asOf.state === "rebuilding") {
    return (
      <p className="banner warning" role="status">
        ▲ Crossline reads all events again at the moment. Until it has read them, the values are too small.
      </p>
    );
  }
  if (asOf.readUntil === undefined) return null;
  return (
    <p className="muted">
      As of <Instant at={asOf.readUntil} now={now} named />
    </p>
  );
}
