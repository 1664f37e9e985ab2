/** Nothing to show, and why: each reason has words and a way on of its own. */
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

export function Loading() {
  return (
    <EmptyState kind="nothing" title="Reading the recordings" testId="loading">
      <p>The first answer takes a moment.</p>
    </EmptyState>
  );
}

/** The notice above says when the next attempt is. */
export function NoAnswer() {
  return (
    <EmptyState kind="disconnected" title="No connection">
      <p>Recordings and alerts appear here when Sluice answers.</p>
    </EmptyState>
  );
}

export function NotReadable({ sentence }: { readonly sentence: string }) {
  return (
    <EmptyState kind="disconnected" title="The recordings cannot be read" testId="not-readable">
      <p>{sentence}</p>
      <p>Trying again each second.</p>
    </EmptyState>
  );
}

export function NothingMatches({ filter, onDrop }: { readonly filter: string; readonly onDrop: () => void }) {
  return (
    <EmptyState kind="no-match" title="Nothing matches">
      <p>No recording has “{filter.trim()}” in its name, note or origin.</p>
      <Button onPress={onDrop}>Show all</Button>
    </EmptyState>
  );
}
