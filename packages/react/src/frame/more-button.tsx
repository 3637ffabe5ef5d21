import { useBursar } from "../bursar-context.ts";

/** What a paged query says of its next page. */
interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
}

/** Asks for the next page of a list; nothing where there is none. */
export function MoreButton({ list, label }: { list: Paged; label: string }) {
  const { messages } = useBursar();
  const { hasNextPage, isFetchingNextPage: isBusy, fetchNextPage } = list;
  if (!hasNextPage) return null;
  return (
    <p className="bursar-actions">
      <button
        type="button"
        className="bursar-button"
        aria-disabled={isBusy ? "true" : undefined}
        onClick={isBusy ? undefined : () => void fetchNextPage()}
      >
        {isBusy ? messages.state.loading : label}
      </button>
    </p>
  );
}
