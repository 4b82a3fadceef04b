import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { timelinesQuery } from "../api/queries.ts";
import { useMe } from "../session/session.tsx";
import { durationText } from "../time/format.ts";
import { useWallNow } from "../time/now.ts";
import { useStatus } from "./status.ts";

/** Shows the news of the whole screen: a lost stream with the age of the data, and a story that began to play. */
export function Banner() {
  return (
    <div className="banners" aria-live="polite">
      <LostStream />
      <NewStory />
    </div>
  );
}

function LostStream() {
  const status = useStatus();
  const now = useWallNow();
  if (status.state !== "lost") return null;
  return (
    <p className="banner warning">
      The screen lost its connection to Crossline. {/* A screen reader would otherwise say the age every second. */}
      <span aria-live="off">The data is {durationText(Math.max(0, now - status.since))} old.</span> The screen connects
      again automatically.
    </p>
  );
}

/** Offers a stepped timeline that began while the page was open, for example a story that a newcomer plays beside it. */
function NewStory() {
  const me = useMe();
  const { timeline } = useSearch({ strict: false });
  const { data } = useQuery({ ...timelinesQuery, enabled: me.kind !== "operator" });
  const [known, setKnown] = useState<ReadonlySet<string>>();
  const stepped = (data?.items ?? []).filter(({ kind }) => kind === "stepped").map(({ id }) => id);
  if (data !== undefined && known === undefined) setKnown(new Set(stepped));
  const fresh = known && stepped.findLast((id) => !known.has(id) && id !== timeline);
  if (fresh === undefined) return null;
  return (
    <p className="banner">
      A story is playing on a new timeline.{" "}
      <Link to="/app/board" search={{ timeline: fresh }} onClick={() => setKnown(new Set(stepped))}>
        Show its board
      </Link>{" "}
      <button type="button" className="quiet" onClick={() => setKnown(new Set(stepped))}>
        Dismiss
      </button>
    </p>
  );
}
