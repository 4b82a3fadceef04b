import type { PublishedLine } from "@crossline/contracts";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryOf, read, send } from "../api/send.ts";
import { useMe } from "../session/session.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import type { BoardScope } from "./use-board.ts";
import { countOf } from "./words.ts";

type EmptyBoardProps = {
  readonly scope: BoardScope;
  readonly timeline: string | undefined;
  readonly isFiltered: boolean;
  readonly onOpened: () => void;
};

/** Says that no case waits, and by which lines or queues cases would arrive here. */
export function EmptyBoard({ scope, timeline, isFiltered, onOpened }: EmptyBoardProps) {
  if (isFiltered) return <p className="empty">No case passes the filters.</p>;
  return (
    <div className="empty">
      {scope === "handoffs" ? <EmptyQueues timeline={timeline} /> : <EmptyCases onOpened={onOpened} />}
    </div>
  );
}

function EmptyQueues({ timeline }: { readonly timeline: string | undefined }) {
  const { data } = useQuery({
    queryKey: ["queues", timeline],
    queryFn: ({ signal }) => read<{ readonly items: readonly object[] }>(`/v1/queues${queryOf({ timeline })}`, signal),
  });
  return (
    <p>
      <strong>Nothing waits.</strong>{" "}
      {data !== undefined && `Your company has ${countOf(data.items.length, "queue")} to which cases can cross.`}
    </p>
  );
}

function EmptyCases({ onOpened }: { readonly onOpened: () => void }) {
  const { session, scopes } = useMe();
  const { data } = useQuery({
    queryKey: ["lines"],
    queryFn: ({ signal }) => read<{ readonly items: readonly PublishedLine[] }>("/v1/lines", signal),
  });
  const own = (data?.items ?? []).filter(({ line }) => line.carrier !== "builtin");
  const canTry = own.some(({ line }) => line.name === "try-it") && scopes.includes("cases") && session !== undefined;
  return (
    <>
      <p>
        <strong>Nothing waits.</strong>{" "}
        {data !== undefined && `Your company has published ${countOf(own.length, "line")}.`}
      </p>
      {canTry && <FirstCase onOpened={onOpened} />}
    </>
  );
}

/** Opens a first case for a newcomer. Under the line `try-it`, it stalls after 15 s without progress. */
function FirstCase({ onOpened }: { readonly onOpened: () => void }) {
  const [key] = useState(() => crypto.randomUUID());
  const open = useMutation({
    mutationFn: () =>
      send("POST", "/v1/cases", {
        key,
        body: {
          carrierCaseId: `TRY-${key.slice(0, 8)}`,
          line: "try-it",
          title: "No signal after update",
          channel: "phone",
          device: { vendor: "orchard", model: "Handheld 8700" },
          symptom: "no-signal",
          handling: {},
        },
      }),
    onSuccess: onOpened,
  });
  return (
    <>
      <ProblemNote fault={open.error} />
      <button type="button" className="main" disabled={open.isPending || open.isSuccess} onClick={() => open.mutate()}>
        Open a case that stalls in 15 s
      </button>
      {open.isSuccess && <p role="status">The case is open. It appears here in a moment.</p>}
    </>
  );
}
