import type { CustomerView } from "@crossline/contracts";
import { Moment } from "./moment.tsx";

type NextAnswerProps = { readonly view: CustomerView; readonly zone: string; readonly now: number };

/** Shows by when the customer gets the next answer, and whether the company is late. */
export function NextAnswer({ view, zone, now }: NextAnswerProps) {
  const { nextAnswer, missing } = view;
  if (missing.includes("nextAnswer")) return <p>The time of the next answer is not available at the moment.</p>;
  if (nextAnswer === undefined) return <p>No answer to you is open at the moment.</p>;
  const { by, name, promised, late } = nextAnswer;
  const moment = <Moment at={by} zone={zone} now={now} />;
  if (late) {
    return (
      <p className="late">
        <span aria-hidden="true">▲ </span>
        <strong>Late:</strong> <bdi>{name}</bdi> {promised ? "had to keep its promise by" : "owed you an answer by"}{" "}
        {moment}, and still owes it.
      </p>
    );
  }
  return (
    <p>
      <bdi>{name}</bdi> {promised ? "must keep its promise to you by" : "answers you by"} <strong>{moment}</strong>
      {promised ? "." : " at the latest."}
    </p>
  );
}
