import type { PresentedRow } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type RefObject, useDeferredValue, useId, useState } from "react";
import { queryOf, read } from "../api/send.ts";

const shortestText = 2;

/** Finds cases by a number, a person, an identity or words of the title. The field is a combobox of ARIA 1.2 with a list. */
export function SearchBox({ field }: { readonly field: RefObject<HTMLInputElement | null> }) {
  const id = useId();
  const navigate = useNavigate();
  const { timeline } = useSearch({ strict: false });
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const asked = useDeferredValue(text.trim());
  const isOpen = text.trim().length >= shortestText;
  const { data, error } = useQuery({
    queryKey: ["search", asked, timeline],
    queryFn: ({ signal }) =>
      read<{ readonly items: readonly PresentedRow[] }>(`/v1/search${queryOf({ q: asked, timeline })}`, signal),
    enabled: asked.length >= shortestText,
  });
  const found = isOpen ? (data?.items ?? []) : [];
  const index = Math.min(chosen, found.length - 1);
  const open = (row: PresentedRow | undefined): void => {
    if (row === undefined) return;
    setText("");
    void navigate({
      to: "/app/cases/$caseId",
      params: { caseId: row.id },
      search: timeline === undefined ? {} : { timeline },
    });
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setChosen((index + step + found.length) % found.length);
    } else if (event.key === "Enter") open(found[index]);
    else if (event.key === "Escape") setText("");
  };
  return (
    <search className="search-box">
      <input
        ref={field}
        type="search"
        role="combobox"
        aria-label="Search cases"
        aria-expanded={isOpen}
        aria-controls={id}
        aria-activedescendant={found.length === 0 ? undefined : `${id}-${index}`}
        aria-keyshortcuts="/"
        placeholder="Search cases  /"
        autoComplete="off"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setText("")}
      />
      <ul id={id} role="listbox" aria-label="Found cases" hidden={!isOpen}>
        <FoundCases id={id} found={found} chosen={index} onOpen={open} />
        {found.length === 0 && (
          <li role="option" aria-selected="false" aria-disabled="true">
            {error?.message ?? (data === undefined ? "Searching" : "No case was found.")}
          </li>
        )}
      </ul>
    </search>
  );
}

type FoundCasesProps = {
  readonly id: string;
  readonly found: readonly PresentedRow[];
  readonly chosen: number;
  readonly onOpen: (row: PresentedRow) => void;
};

function FoundCases({ id, found, chosen, onOpen }: FoundCasesProps) {
  return found.map((row, place) => (
    <li
      key={row.id}
      id={`${id}-${place}`}
      role="option"
      aria-selected={place === chosen}
      onPointerDown={() => onOpen(row)}
    >
      <bdi>{row.title ?? "No title"}</bdi> <span className="number">{row.number}</span>
    </li>
  ));
}
