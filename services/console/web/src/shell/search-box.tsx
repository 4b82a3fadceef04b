import type { PresentedRow } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type RefObject, useDeferredValue, useState } from "react";
import { queryOf, read } from "../api/send.ts";
import { ComboBox } from "../ui/combo-box.tsx";

const shortestText = 2;

/** Finds cases by a number, a person, an identity or words of the title. */
export function SearchBox({ field }: { readonly field: RefObject<HTMLInputElement | null> }) {
  const navigate = useNavigate();
  const { timeline } = useSearch({ strict: false });
  const [text, setText] = useState("");
  const asked = useDeferredValue(text.trim());
  const isOpen = text.trim().length >= shortestText;
  const { data, error } = useQuery({
    queryKey: ["search", asked, timeline],
    queryFn: ({ signal }) =>
      read<{ readonly items: readonly PresentedRow[] }>(`/v1/search${queryOf({ q: asked, timeline })}`, signal),
    enabled: asked.length >= shortestText,
  });
  const open = ({ id }: PresentedRow): void => {
    setText("");
    void navigate({
      to: "/app/cases/$caseId",
      params: { caseId: id },
      search: timeline === undefined ? {} : { timeline },
    });
  };
  return (
    <search className="search-box">
      <ComboBox
        label="Search cases"
        listLabel="Found cases"
        field={field}
        text={text}
        onText={setText}
        options={isOpen ? (data?.items ?? []) : []}
        keyOf={({ id }) => id}
        onChoose={open}
        isOpen={isOpen}
        empty={error?.message ?? (data === undefined ? "Searching" : "No case was found.")}
        more={{
          type: "search",
          placeholder: "Search cases  /",
          "aria-keyshortcuts": "/",
          onBlur: () => setText(""),
        }}
      >
        {({ title, number }) => (
          <>
            <bdi>{title ?? "No title"}</bdi> <span className="number">{number}</span>
          </>
        )}
      </ComboBox>
    </search>
  );
}
