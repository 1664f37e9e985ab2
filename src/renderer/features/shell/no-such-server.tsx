import { go, parsePlace, serverParam } from '../../state/place.ts';
import { useServers } from '../../state/servers-context.ts';
import { useSignal } from '../../state/signal.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

/** The address names a server that is not there, or not yet. */
export function NoSuchServer({ name }: { readonly name: string }) {
  const servers = useServers();
  useSignal(servers.switched);
  return (
    <main>
      {servers.hasList ? (
        <EmptyState kind="nothing" title={`No server is called “${name}” here`} testId="no-such-server">
          <p>
            It was removed, or the address comes from another console. Servers that are remembered are in the
            menu above.
          </p>
          <Button onPress={goToOwn}>Show this server</Button>
        </EmptyState>
      ) : (
        <EmptyState kind="disconnected" title={`Looking for “${name}”`} testId="server-unknown">
          <p>This server has the addresses of the others, and has not answered yet.</p>
        </EmptyState>
      )}
    </main>
  );
}

function goToOwn(): void {
  const { view } = parsePlace(location.hash);
  go({ view, subject: '', params: { [serverParam]: '' } });
}
