import type { BoardPage, PromisePage } from "@crossline/contracts";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { ComponentProps, ReactNode } from "react";
import { useSteadyRows } from "../live/steady-rows.ts";
import { Panel } from "../ui/panel.tsx";
import type { DutyCase, DutyPromise } from "./queries.ts";
import { UrgentCases } from "./urgent-cases.tsx";
import { UrgentPromises } from "./urgent-promises.tsx";

type ListProps = {
  readonly isHeld: boolean;
  readonly hold: ComponentProps<"div">;
};

type Due = NonNullable<DutyCase["due"]>;

type CasesPanelProps = ListProps & {
  readonly title: string;
  readonly empty: string;
  readonly query: UseQueryResult<BoardPage>;
  readonly clockOf: (row: DutyCase) => Due | undefined;
  /** Leaves a row out that another panel shows. */
  readonly isIn?: (row: DutyCase) => boolean;
  readonly action?: ((row: DutyCase) => ReactNode) | undefined;
};

/** Shows the cases of one read of the board, the most urgent first. */
export function CasesPanel({ title, empty, query, clockOf, isIn, action, ...list }: CasesPanelProps) {
  const urgent = rowsOf(query.data?.items, clockOf, isIn);
  const { shown, waiting } = useSteadyRows(urgent, list.isHeld);
  return (
    <Panel title={title} query={query} aside={<Counted count={query.data && urgent.length} waiting={waiting} />}>
      {({ next }) =>
        shown.length === 0 ? (
          <p className="empty">{empty}</p>
        ) : (
          <div {...list.hold}>
            <UrgentCases rows={shown} clockOf={(row) => clockOf(row) ?? unknownClock(row)} action={action} />
            {next !== undefined && <MoreOnBoard />}
          </div>
        )
      }
    </Panel>
  );
}

/** Shows the promises that are broken or due soon: the broken ones first. */
export function PromisesPanel({ query, isHeld, hold }: ListProps & { readonly query: UseQueryResult<PromisePage> }) {
  const urgent = promisesOf(query.data?.items);
  const { shown, waiting } = useSteadyRows(urgent, isHeld);
  return (
    <Panel
      title="Promises at risk"
      query={query}
      aside={<Counted count={query.data && urgent.length} waiting={waiting} />}
    >
      {() =>
        shown.length === 0 ? (
          <p className="empty">No promise is broken, and none is due in the next hour.</p>
        ) : (
          <div {...hold}>
            <UrgentPromises rows={shown} />
          </div>
        )
      }
    </Panel>
  );
}

/** Without data the number is unknown, which is not 0. */
function Counted({ count, waiting }: { readonly count: number | undefined; readonly waiting: number }) {
  return (
    <span>
      <span role="status">
        {waiting > 0 && (
          <span className="chip warn">
            ▲ {waiting} new, press <kbd>n</kbd>
          </span>
        )}
      </span>{" "}
      <span className={(count ?? 0) > 0 ? "duty-count bad" : "duty-count muted"}>{count ?? "–"}</span>
    </span>
  );
}

function MoreOnBoard() {
  const { timeline } = useSearch({ strict: false });
  return (
    <p>
      These are the most urgent cases.{" "}
      <Link to="/app/board" search={timeline === undefined ? {} : { timeline }}>
        The board has all of them
      </Link>
      .
    </p>
  );
}

function rowsOf(
  items: readonly DutyCase[] | undefined,
  clockOf: (row: DutyCase) => Due | undefined,
  isIn: (row: DutyCase) => boolean = () => true,
): readonly DutyCase[] {
  const at = (row: DutyCase): number => Date.parse(clockOf(row)?.at ?? row.openedAt);
  return (items ?? []).filter(isIn).toSorted((one, other) => at(one) - at(other));
}

function promisesOf(items: readonly DutyPromise[] | undefined): readonly DutyPromise[] {
  return (items ?? []).toSorted((one, other) => Date.parse(one.until) - Date.parse(other.until));
}

/** A row that stays under the pointer can have lost the clock for which it was listed. */
function unknownClock({ openedAt, holder }: DutyCase): Due {
  return { clock: "no clock", at: openedAt, charged: holder };
}
