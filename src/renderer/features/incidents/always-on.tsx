/** What is kept all the time, how far back it goes, and the recording that somebody has started. */
import { Circle, Flag as FlagIcon, Square } from 'lucide-react';
import type { RecorderState } from '#shared/recording/model.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import { theCommands } from '../../state/commands.ts';
import { useLive } from '../../state/live-context.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { playHash, useRecorderAbilities, useRecorderActions } from '../shell/recorder-actions.ts';
import { useIncidents } from './context.ts';
import { EventLine } from './event-line.tsx';
import { rollingWords } from './words.ts';
import section from '../../ui/section.module.css';
import styles from './always-on.module.css';

export function AlwaysOn() {
  const { list, actions, mayChange } = useIncidents();
  const can = useRecorderAbilities();
  const recorder = useRecorderActions();
  const { rolling, manual } = list.state;
  return (
    <section className={styles['always']} aria-labelledby="always-title" data-testid="always-on">
      <header className={section['head']}>
        <h2 id="always-title">Always on</h2>
        {rolling.trouble === undefined ? (
          <span className={section['summary']}>{rollingWords(rolling, list.at)}</span>
        ) : (
          <span className={section['bad']}>▲ {rolling.trouble}</span>
        )}
        {rolling.droppedFrames > 0 && (
          <span className={section['bad']}>
            ▲ {rolling.droppedFrames} frames left out: the disk was too slow
          </span>
        )}
        <div className={section['end']}>
          {rolling.firstAt !== undefined && <LinkButton href={playHash('rolling')}>Play</LinkButton>}
          {can.save && (
            <Button weight="quiet" title="Keeps the last 15 minutes (Shift+R)" onPress={recorder.saveLast}>
              Save 15 minutes
            </Button>
          )}
          {can.mark && (
            <Button
              weight="quiet"
              title="A note at this instant (M)"
              onPress={() => theCommands.run('record.mark')}
            >
              <FlagIcon size={12} strokeWidth={1.75} aria-hidden="true" />
              Mark…
            </Button>
          )}
          {mayChange && rolling.isOn && (
            <Button
              weight="quiet"
              title="All of it in one file"
              onPress={() => actions.ask({ kind: 'bundle' })}
            >
              Bundle…
            </Button>
          )}
          {can.start && (
            <Button weight="quiet" title="Until it is stopped (R)" onPress={recorder.start}>
              <Circle size={12} strokeWidth={1.75} aria-hidden="true" />
              Record
            </Button>
          )}
        </div>
      </header>
      {rolling.firstAt !== undefined && <RollingLine rolling={rolling} at={list.at} />}
      {manual && (
        <div className={styles['manual']} data-testid="manual">
          <i aria-hidden="true" />
          <p>
            <strong>{manual.name === '' ? 'Recording' : manual.name}</strong> for{' '}
            {formatDuration(Math.max(0, list.at - manual.startedAt))} · {formatBytes(manual.bytes)}
          </p>
          {can.stop && (
            <Button onPress={recorder.stop} title="R">
              <Square size={12} strokeWidth={1.75} aria-hidden="true" />
              Stop and keep
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

interface RollingLineProps {
  readonly rolling: RecorderState['rolling'];
  readonly at: number;
}

/** The last minutes as a line: solid where something is kept, with alerts and marks where they were. */
function RollingLine({ rolling: { firstAt = 0, limitMs }, at }: RollingLineProps) {
  const { store } = useLive();
  const from = Math.min(firstAt, at - limitMs);
  const covered = (at - firstAt) / Math.max(1, at - from);
  const moments = store.flags.between(firstAt, at).map(({ at: when, kind, isFiring, text }) => ({
    id: `${kind}-${when}-${text}`,
    at: when,
    kind,
    isFiring,
    text,
  }));
  return (
    <EventLine
      label={`The last ${formatDuration(at - from)}, of which ${formatDuration(at - firstAt)} are kept`}
      firstAt={from}
      lastAt={at}
      levels={Array.from({ length: 120 }, (_, part) => (part / 120 >= 1 - covered ? 0.35 : -1))}
      moments={moments}
      hrefOf={(when) => (when < firstAt ? undefined : playHash('rolling', when))}
    />
  );
}
