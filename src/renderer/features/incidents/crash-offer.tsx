import { formatDateTime } from '#shared/units.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { playHash } from '../shell/recorder-actions.ts';
import { useIncidents } from './context.ts';
import { leftByCrash } from './words.ts';
import styles from './crash-offer.module.css';

/** What the run of the server before this one has left without saying that it ends. */
export function CrashOffer() {
  const { list, actions, mayChange } = useIncidents();
  const left = leftByCrash(list.recordings);
  if (!left) return null;
  const { id, lastAt } = left;
  return (
    <section className={styles['offer']} aria-label="Left by a crash" data-testid="crash-offer">
      <span aria-hidden="true">▲</span>
      <p>
        <strong>The server was cut off at {formatDateTime(lastAt)}.</strong> What it had recorded until then
        is kept, but for the last two seconds.
      </p>
      <LinkButton href={playHash(id, lastAt)}>Play its end</LinkButton>
      {mayChange && (
        <Button weight="quiet" onPress={() => actions.ask({ kind: 'bundle', recording: id })}>
          Make a bundle…
        </Button>
      )}
      <Button weight="quiet" onPress={() => actions.open(id)}>
        Details
      </Button>
    </section>
  );
}
