import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ResponseFault } from "../api/send.ts";
import { ProblemNote } from "./problem-note.tsx";

type RecordScreenProps<T> = {
  readonly query: UseQueryResult<T>;
  /** The heading if the company has no such record. */
  readonly unknown: string;
  /** The screen with the list of all records, and the text of its link. */
  readonly list: readonly [to: "/app/changes" | "/app/incidents" | "/app/problems", text: string];
  readonly children: (data: T) => ReactNode;
};

/** Shows one record. Data of an earlier read stays after a fault, with the fault above it. */
export function RecordScreen<T>({ query: { data, error, refetch }, unknown, list, children }: RecordScreenProps<T>) {
  if (data === undefined && error === null) return <p aria-busy="true">Loading</p>;
  const isUnknown = error instanceof ResponseFault && error.status === 404;
  const [to, text] = list;
  return (
    <>
      {data === undefined && <h1>{isUnknown ? unknown : "The screen cannot be shown"}</h1>}
      {error !== null && <ProblemNote fault={error} onRetry={refetch} />}
      {error !== null && data !== undefined && <p>This is the last state that Crossline sent.</p>}
      {data !== undefined && children(data)}
      <p>
        <Link to={to} search={({ timeline }: { timeline?: string }) => (timeline === undefined ? {} : { timeline })}>
          {text}
        </Link>
      </p>
    </>
  );
}
