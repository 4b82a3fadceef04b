import type { UseInfiniteQueryResult } from "@tanstack/react-query";

type MoreButtonProps = {
  readonly query: Pick<UseInfiniteQueryResult, "hasNextPage" | "fetchNextPage" | "isFetchingNextPage">;
  readonly children: string;
};

/** Reads the next page of a list. Without a next page, there is no button. */
export function MoreButton({ query: { hasNextPage, fetchNextPage, isFetchingNextPage }, children }: MoreButtonProps) {
  if (!hasNextPage) return null;
  return (
    <p className="actions">
      <button
        type="button"
        aria-disabled={isFetchingNextPage}
        onClick={() => void (isFetchingNextPage || fetchNextPage())}
      >
        {children}
      </button>
    </p>
  );
}
