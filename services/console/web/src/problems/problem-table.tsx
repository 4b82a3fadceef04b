import type { PresentedProblem } from "@crossline/contracts";
import { Link } from "@tanstack/react-router";
import { CardTable } from "../ui/card-table.tsx";
import { Chip } from "../ui/chip.tsx";
import { Deadline } from "../ui/deadline.tsx";
import { scopeWords, sourceWords } from "./words.ts";

type ProblemTableProps = {
  readonly label: string;
  readonly problems: readonly PresentedProblem[];
  readonly now: number;
};

/** Lists problems with their owners and deadlines, and as cards in a small window. */
export function ProblemTable({ label, problems, now }: ProblemTableProps) {
  return (
    <CardTable label={label} className="even" narrowRem={60}>
      <thead>
        <tr>
          <th scope="col">Problem</th>
          <th scope="col">Cases with</th>
          <th scope="col">Because</th>
          <th scope="col">Owner</th>
          <th scope="col">Investigate by</th>
        </tr>
      </thead>
      <tbody>
        {problems.map((problem) => (
          <tr key={problem.id} data-row={problem.id}>
            <td>
              <ProblemLink problem={problem} /> {problem.overdue && <OverdueChip />}
            </td>
            <td data-label="Cases with">
              <bdi>{scopeWords(problem)}</bdi>
            </td>
            <td data-label="Because">{sourceWords(problem.source)}</td>
            <td data-label="Owner">{problem.owner ?? <span className="muted">no owner</span>}</td>
            <td data-label="Investigate by">
              {problem.investigateBy === undefined ? "–" : <Deadline at={problem.investigateBy} now={now} />}
            </td>
          </tr>
        ))}
      </tbody>
    </CardTable>
  );
}

/** Says that the investigation of a problem is late. */
export function OverdueChip() {
  return (
    <Chip tone="bad" sign="✕">
      overdue
    </Chip>
  );
}

type ProblemLinkProps = { readonly problem: { readonly id: string; readonly title: string } };

/** Links to the screen of a problem on the present timeline. */
export function ProblemLink({ problem: { id, title } }: ProblemLinkProps) {
  return (
    <Link
      to="/app/problems/$problemId"
      params={{ problemId: id }}
      search={({ timeline }: { timeline?: string }) => (timeline === undefined ? {} : { timeline })}
      data-row-link=""
    >
      <bdi>{title}</bdi>
    </Link>
  );
}
