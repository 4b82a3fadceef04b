import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { queryOf, read } from "../api/send.ts";
import { useMe } from "../session/session.tsx";
import { type BoardSearch, filtersOf, severities, sorts } from "./search.ts";
import { MoreFilters } from "./more-filters.tsx";
import { useChangeSearch } from "./use-change-search.ts";
import { severityShape, sortText } from "./words.ts";

type QueueList = { readonly items: readonly { readonly queue: string; readonly oldestOfferedAt?: string }[] };

/** The filters of the board. Each one is in the address, so a link shows the same rows. */
export function BoardFilterBar({ search }: { readonly search: BoardSearch }) {
  const me = useMe();
  const change = useChangeSearch(search);
  const [isOpen, setIsOpen] = useState(false);
  const person = me.session?.person;
  const { timeline: _, ...filters } = search;
  const isFiltered = Object.keys(filtersOf(filters)).length > 0;
  return (
    <div className={isOpen ? "board-filters open" : "board-filters"} role="group" aria-label="Filters">
      <button type="button" className="filters-toggle" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        Filters{isFiltered && " (some chosen)"}
      </button>
      <QueueFilter search={search} />
      {person !== undefined && (
        <span className="pair" role="group" aria-label="Whose cases">
          <button type="button" aria-pressed={search.person === person} onClick={() => change({ person })}>
            Mine
          </button>
          <button
            type="button"
            aria-pressed={search.person === undefined}
            onClick={() => change({ person: undefined })}
          >
            All
          </button>
        </span>
      )}
      <SeverityFilter search={search} />
      <label>
        Sort by{" "}
        <select
          value={search.sort ?? "due"}
          onChange={({ target }) => {
            const sort = sorts.find((name) => name === target.value);
            change({ sort: sort === "due" ? undefined : sort });
          }}
        >
          {sorts.map((name) => (
            <option key={name} value={name}>
              {sortText[name]}
            </option>
          ))}
        </select>
      </label>
      <MoreFilters search={search} />
      {isFiltered && (
        <button
          type="button"
          className="quiet"
          onClick={() => change(Object.fromEntries(Object.keys(filtersOf(search)).map((name) => [name, undefined])))}
        >
          Clear the filters
        </button>
      )}
    </div>
  );
}

function QueueFilter({ search }: { readonly search: BoardSearch }) {
  const id = useId();
  const change = useChangeSearch(search);
  const { timeline, queue } = search;
  const { data } = useQuery({
    queryKey: ["queues", timeline],
    queryFn: ({ signal }) => read<QueueList>(`/v1/queues${queryOf({ timeline })}`, signal),
  });
  const names = new Set([...(queue === undefined ? [] : [queue]), ...(data?.items ?? []).map((item) => item.queue)]);
  if (names.size === 0) return null;
  return (
    <span>
      <label htmlFor={id}>Queue</label>{" "}
      <select id={id} value={queue ?? ""} onChange={({ target }) => change({ queue: target.value })}>
        <option value="">all queues</option>
        {[...names].toSorted().map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </span>
  );
}

function SeverityFilter({ search }: { readonly search: BoardSearch }) {
  const change = useChangeSearch(search);
  const chosen = search.severity ?? [];
  return (
    <span className="pair" role="group" aria-label="Severity">
      {severities.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={chosen.includes(name)}
          onClick={() => {
            const next = severities.filter((one) => chosen.includes(one) !== (one === name));
            change({ severity: next.length === 0 ? undefined : next });
          }}
        >
          <span aria-hidden="true">{severityShape[name]}</span> {name}
        </button>
      ))}
    </span>
  );
}
