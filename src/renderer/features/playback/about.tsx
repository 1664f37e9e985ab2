/** What the recording says of itself, and, of one that came in a bundle, what else was in there. */
import { Info } from 'lucide-react';
import { formatBytes, formatDateTime, formatDuration } from '#shared/units.ts';
import type { Player } from '../../playback/player.ts';
import type { PlaybackSession } from '../../playback/session.ts';
import type { BundleFacts, OpenedRecordingFile } from '../../state/opened-files.ts';
import { Popover } from '../../ui/popover.tsx';
import styles from './about.module.css';

interface AboutProps {
  readonly session: PlaybackSession;
  readonly player: Player;
  readonly opened: OpenedRecordingFile | undefined;
}

const origins = {
  rolling: 'kept all the time',
  manual: 'started by hand',
  saved: 'saved by hand',
  alert: 'saved by an alert',
  recovered: 'left by a server that was killed',
  previous: 'left by the server before',
} as const;

export function About({ session, player, opened }: AboutProps) {
  const trigger = (
    <button type="button" className={styles['trigger']} data-testid="about-recording">
      <Info size={14} strokeWidth={1.75} aria-hidden="true" /> About
    </button>
  );
  return (
    <Popover trigger={trigger} title="About this recording" align="end" testId="about-recording-sheet">
      <Facts session={session} player={player} />
      {opened?.bundle && <Bundle bundle={opened.bundle} />}
    </Popover>
  );
}

function Facts({ session: { header, missing }, player }: Pick<AboutProps, 'session' | 'player'>) {
  const { server, name, note, origin, createdAt } = header ?? {};
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Name', name],
    ['From', `${formatDateTime(player.firstAt)}, for ${formatDuration(player.lastAt - player.firstAt)}`],
    ['How', origin && `${origins[origin]}, ${formatDateTime(createdAt ?? 0)}`],
    ['Server', server && [server.host, server.url].filter((part) => part !== '').join(', ')],
    ['Store', server?.store],
    ['Sluice', server?.version],
    ['Missing', missing ?? 'nothing that was read so far'],
  ];
  return (
    <>
      {note !== undefined && note !== '' && <p className={styles['note']}>{note}</p>}
      <dl className={styles['facts']}>
        {facts
          .filter(([, value]) => value !== undefined && value !== '')
          .map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}

function Bundle({ bundle: { name, notes, files, redactions } }: { readonly bundle: BundleFacts }) {
  return (
    <section className={styles['bundle']} data-testid="bundle-facts">
      <h3>Bundle {name}</h3>
      {notes !== '' && <p className={styles['note']}>{notes}</p>}
      <ul>
        {files.map((file) => (
          <li key={file.name}>
            <code>{file.name}</code> <span>{formatBytes(file.bytes)}</span>
          </li>
        ))}
      </ul>
      {redactions.length > 0 && (
        <>
          <h3>Not in it, and still in it</h3>
          <ul>
            {redactions.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
