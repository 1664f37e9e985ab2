import { type ReactNode, useEffect, useRef } from 'react';
import type { RecordingContents, RecordingSummary } from '#shared/recording/model.ts';
import { formatBytes, formatDateTime, formatDuration } from '#shared/units.ts';
import { alertRuleFacts } from '#shared/vocabulary/alerts.ts';
import { Button, IconButton, LinkButton } from '../../ui/button.tsx';
import { CopyIcon } from '../../ui/copy-button.tsx';
import { binPath, closePath, fetchPath } from '../../ui/icons.tsx';
import { playHash } from '../shell/recorder-actions.ts';
import { useIncidents } from './context.ts';
import { EventLine } from './event-line.tsx';
import { MomentTable } from './moment-table.tsx';
import { useSaveFile } from './save-file.ts';
import { type Moment, momentsOf, stripOf } from './strip-layout.ts';
import { useContents } from './use-contents.ts';
import { damageWords, originWords, spanWords, titleOf } from './words.ts';
import drawer from '../../ui/drawer.module.css';
import styles from './details.module.css';

/** Parts of the line: its levels are a few pixels wide. */
const parts = 136;

/** Everything about one recording, and what can be done with it. */
export function RecordingDetails({ recording }: { readonly recording: RecordingSummary }) {
  const { actions, mayChange } = useIncidents();
  const contents = useContents(recording);
  const save = useSaveFile();
  const { id, note, origin, isWhole } = recording;
  const close = useRef<HTMLButtonElement>(null);
  // Whoever opened it with the keyboard goes on here; a mouse needs no focus.
  useEffect(() => {
    if (document.activeElement?.matches('tr:focus-visible')) close.current?.focus();
  }, []);
  return (
    <aside className={drawer['drawer']} aria-labelledby="details-title" data-testid="details">
      <header className={drawer['head']}>
        <div>
          <h2 id="details-title" title={titleOf(recording)}>
            {titleOf(recording)}
          </h2>
          <p>{originWords(origin)}</p>
        </div>
        {mayChange && (
          <Button weight="quiet" icon={binPath} onPress={() => actions.ask({ kind: 'remove', recording })}>
            Remove…
          </Button>
        )}
        <IconButton ref={close} icon={closePath} name="Close (Esc)" onPress={() => actions.open(undefined)} />
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
      <div className={drawer['body']} tabIndex={0}>
        <section className={styles['actions']} aria-label="Actions">
          <LinkButton weight="main" href={playHash(id)}>
            Play
          </LinkButton>
          {save ? (
            <Button icon={fetchPath} onPress={() => save('recording', id)}>
              Save file
            </Button>
          ) : (
            <p className={drawer['quiet']}>The file is saved from that server’s own console.</p>
          )}
          {mayChange && (
            <Button onPress={() => actions.ask({ kind: 'bundle', recording: id })}>Make a bundle…</Button>
          )}
          {mayChange && isWhole && (
            <Button onPress={() => actions.ask({ kind: 'edit', recording })}>Name, note…</Button>
          )}
        </section>
        {note !== '' && (
          <section>
            <h3>Note</h3>
            <p className={styles['note']}>{note}</p>
          </section>
        )}
        {contents.failure !== undefined && (
          <section>
            <p className={styles['bad']}>▲ {contents.failure}</p>
          </section>
        )}
        {contents.value && <Timeline recording={recording} contents={contents.value} />}
        <Facts recording={recording} contents={contents.value} />
      </div>
    </aside>
  );
}

interface PartProps {
  readonly recording: RecordingSummary;
  readonly contents: RecordingContents;
}

function Timeline({ recording, contents }: PartProps) {
  const { id, firstAt, lastAt } = recording;
  const moments = momentsOf(contents.events);
  const strip = stripOf(contents.blocks, parts);
  const damage = damageWords(contents);
  return (
    <section className={styles['timeline']}>
      <h3>Timeline</h3>
      {strip ? (
        <EventLine
          label={`Bytes recorded from ${formatDateTime(firstAt)} on, for ${formatDuration(lastAt - firstAt)}; hatched where nothing is known`}
          firstAt={strip.firstAt}
          lastAt={strip.lastAt}
          levels={strip.levels}
          moments={moments.map(lineMoment)}
          hrefOf={(at) => playHash(id, at)}
        />
      ) : (
        <p className={drawer['quiet']}>There is nothing in it.</p>
      )}
      {damage.map((sentence) => (
        <p key={sentence} className={styles['bad']}>
          ▲ {sentence}
        </p>
      ))}
      <MomentTable recording={recording} moments={moments} />
    </section>
  );
}

/** Nothing of a recording goes on now. */
function lineMoment({ id, at, kind, event }: Moment) {
  const text = event.kind === 'mark' ? event.mark.note || 'mark' : alertRuleFacts[event.alert.rule].label;
  return { id, at, kind, isFiring: false, text };
}

interface FactsProps {
  readonly recording: RecordingSummary;
  readonly contents: RecordingContents | undefined;
}

function Facts({ recording, contents }: FactsProps) {
  const { id, firstAt, lastAt, bytes, createdAt } = recording;
  const server = contents?.header.server;
  return (
    <section>
      <h3>Recording</h3>
      <dl>
        <Fact name="Covers">{spanWords(firstAt, lastAt)}</Fact>
        <Fact name="Length">{formatDuration(lastAt - firstAt)}</Fact>
        <Fact name="Size">
          {formatBytes(bytes)}
          {contents && <span className={drawer['quiet']}> · {contents.blocks.bytes.length} blocks</span>}
        </Fact>
        {createdAt > 0 && <Fact name="Made">{formatDateTime(createdAt)}</Fact>}
        {server && server.url !== '' && (
          <>
            <Fact name="Server">{server.url}</Fact>
            <Fact name="Host">{server.host}</Fact>
            <Fact name="Store">{server.store}</Fact>
            <Fact name="Version">{server.version}</Fact>
            <Fact name="Started">{formatDateTime(server.startedAt)}</Fact>
          </>
        )}
        <Fact name="Name here">
          <code>{id}</code> <CopyIcon text={id} name="the name" />
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={drawer['fact']}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
