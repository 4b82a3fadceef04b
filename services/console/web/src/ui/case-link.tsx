import { Link, useSearch } from "@tanstack/react-router";

type CaseLinkProps = {
  readonly id: string;
  readonly title?: string | undefined;
  readonly number?: string | undefined;
  /** False for a link that is not the one of its row, so that the keys of rows leave it out. */
  readonly isRow?: boolean;
};

/** Links to the screen of a case on the present timeline: with its title and its number, or else with its id. */
export function CaseLink({ id, title, number, isRow = true }: CaseLinkProps) {
  const { timeline } = useSearch({ strict: false });
  return (
    <Link
      to="/app/cases/$caseId"
      params={{ caseId: id }}
      search={timeline === undefined ? {} : { timeline }}
      {...(isRow && { "data-row-link": "" })}
    >
      {title !== undefined && <bdi>{title}</bdi>}
      {title !== undefined && number !== undefined && " "}
      {(number !== undefined || title === undefined) && <span className="number">{number ?? id}</span>}
    </Link>
  );
}
