import type { SavedView } from "@crossline/contracts";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { read, send } from "../api/send.ts";
import { Dialog } from "../ui/dialog.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { type BoardSearch, boardParameters, boardSearch } from "./search.ts";
import type { BoardScope } from "./use-board.ts";

type SavedViewsProps = { readonly search: BoardSearch; readonly scope: BoardScope };

const views = {
  queryKey: ["views"],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
    read<{ readonly items: readonly SavedView[] }>("/v1/views", signal),
};
const addressOf = (name: string): string => `/v1/views/${encodeURIComponent(name)}`;

/** The saved views of the board, which all people of a company share. */
export function SavedViews({ search, scope }: SavedViewsProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setIsOpen(true)}>
        <span aria-hidden="true">☆</span> Views
      </button>
      {isOpen && <ViewsDialog search={search} scope={scope} onClose={() => setIsOpen(false)} />}
    </>
  );
}

function ViewsDialog({ search, scope, onClose }: SavedViewsProps & { readonly onClose: () => void }) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(views);
  const onSuccess = (): Promise<void> => client.invalidateQueries({ queryKey: views.queryKey });
  const remove = useMutation({ mutationFn: (name: string) => send("DELETE", addressOf(name)), onSuccess });
  const { timeline: _, ...filters } = search;
  const save = useMutation({
    mutationFn: (name: string) =>
      send("PUT", addressOf(name), { body: { query: { ...boardParameters(filters), scope } } }),
    onSuccess,
  });
  const items = (data?.items ?? []).filter(({ query }) => (query["scope"] ?? "cases") === scope);
  return (
    <Dialog title="Saved views" onClose={onClose}>
      <ProblemNote fault={error} onRetry={refetch} />
      <ProblemNote fault={remove.error ?? save.error} />
      {data !== undefined && items.length === 0 && <p>Your company has saved no view of this board.</p>}
      <ul className="views">
        {items.map(({ name, query }) => (
          <li key={name}>
            <Link
              to="/app/board"
              search={{ ...boardSearch(query), ...(search.timeline !== undefined && { timeline: search.timeline }) }}
              onClick={onClose}
            >
              <bdi>{name}</bdi>
            </Link>
            <button type="button" className="quiet" onClick={() => remove.mutate(name)}>
              Delete<span className="hidden"> {name}</span>
            </button>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate((new FormData(event.currentTarget).get("name") as string).trim());
        }}
      >
        <label>
          Save the present filters as <input name="name" required maxLength={80} autoComplete="off" />
        </label>
        <p className="actions">
          <button type="submit">Save the view</button>
        </p>
        <p className="muted">All people of your company can open and delete the views.</p>
      </form>
    </Dialog>
  );
}
