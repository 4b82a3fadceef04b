import { useNavigate } from "@tanstack/react-router";
import type { BoardSearch } from "./search.ts";

/** Returns a function that changes parameters of the board in its address. `undefined` removes a parameter. */
export function useChangeSearch(search: BoardSearch) {
  const navigate = useNavigate();
  return (change: { readonly [Name in keyof BoardSearch]?: BoardSearch[Name] | undefined }): void => {
    const next = Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined && value !== "");
    void navigate({ to: "/app/board", search: Object.fromEntries(next) as BoardSearch });
  };
}
