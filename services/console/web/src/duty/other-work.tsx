import type { ChangePage, IncidentPage, ProblemPage } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { countOf } from "../board/words.ts";
import { queryOf, read } from "../api/send.ts";
import { useMe } from "../session/session.tsx";

type Page<Item> = { readonly items: readonly Item[]; readonly next?: string | undefined };

const mostRows = 100;
const againMs = 30_000;

const workQuery = <Item,>(timeline: string, path: string, filters: string) => ({
  queryKey: ["duty", timeline, path],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
    read<Page<Item>>(`/v1/${path}${queryOf({ timeline, limit: mostRows })}${filters}`, signal),
  refetchInterval: againMs,
});

/** Says in one row which incidents are open, which receipts are overdue, and which problems are overdue. */
export function OtherWork({ timeline }: { readonly timeline: string }) {
  const me = useMe();
  const isCarrier = me.kind === "carrier";
  const changes = useQuery(workQuery<ChangePage["items"][number]>(timeline, "changes", "&receipt=open"));
  const incidents = useQuery({
    ...workQuery<IncidentPage["items"][number]>(timeline, "incidents", "&state=open"),
    enabled: isCarrier,
  });
  const problems = useQuery({
    ...workQuery<ProblemPage["items"][number]>(timeline, "problems", "&status=new&status=investigating"),
    enabled: isCarrier,
  });
  const own = changes.data?.items.filter(({ receipt }) => receipt !== undefined && receipt.state !== "confirmed") ?? [];
  const others = changes.data?.items.filter(({ receiptCounts }) => (receiptCounts?.overdue ?? 0) > 0) ?? [];
  const late = problems.data?.items.filter(({ overdue }) => overdue) ?? [];
  const rows = [
    { to: "/app/incidents", count: incidents.data?.items.length ?? 0, text: (count: string) => `${count} open` },
    { to: "/app/changes", count: own.length, text: (count: string) => `${count} to confirm` },
    { to: "/app/changes", count: others.length, text: (count: string) => `${count} with overdue receipts` },
    { to: "/app/problems", count: late.length, text: (count: string) => `${count} overdue` },
  ] as const;
  const shown = rows.filter(({ count }) => count > 0);
  if (shown.length === 0) return null;
  return (
    <p className="actions" role="status">
      {shown.map(({ to, count, text }) => (
        <Link
          key={to + text("")}
          to={to}
          className="chip warn"
          search={({ timeline: same }: { timeline?: string }) => (same === undefined ? {} : { timeline: same })}
        >
          <span aria-hidden="true">!</span> {text(countOf(count, to.slice("/app/".length, -1)))}
        </Link>
      ))}
    </p>
  );
}
