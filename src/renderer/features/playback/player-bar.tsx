/**
 * Above all views while a recording is shown: that it is one, of which server and when; what plays it; and the whole
 * of it on a line, with its alerts and marks.
 */
import {
  ChevronFirst,
  ChevronLast,
  Pause,
  Play,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
  X,
  type LucideIcon,
} from 'lucide-react';
import { formatClock, formatDateTime, formatDuration } from '#shared/units.ts';
import type { Overview } from '../../playback/overview.ts';
import type { Player } from '../../playback/player.ts';
import { rateBeside, rates } from '../../playback/rates.ts';
import type { PlaybackSession } from '../../playback/session.ts';
import { useCommand } from '../../state/commands.ts';
import type { OpenedRecordingFile } from '../../state/opened-files.ts';
import { useSignal } from '../../state/signal.ts';
import { downPath, Icon } from '../../ui/icons.tsx';
import { Menu, MenuChoice } from '../../ui/menu.tsx';
import { About } from './about.tsx';
import { closeRecording } from './close.ts';
import { Scrubber } from './scrubber.tsx';
import { useInstantInAddress } from './use-instant.ts';
import styles from './player-bar.module.css';

interface PlayerBarProps {
  readonly session: PlaybackSession;
  readonly player: Player;
  readonly overview: Overview;
  readonly opened: OpenedRecordingFile | undefined;
}

export function PlayerBar({ session, player, overview, opened }: PlayerBarProps) {
  useSignal(player.changed);
  useInstantInAddress(player);
  usePlayerCommands(player);
  return (
    <section
      className={styles['bar']}
      aria-label="Recording"
      data-testid="player"
      data-playing={player.isPlaying}
    >
      <div className={styles['line']}>
        <strong className={styles['tag']}>Recording</strong>
        <Name session={session} opened={opened} />
        <Transport player={player} />
        <Clock player={player} />
        <span className={styles['end']}>
          <Trouble session={session} player={player} />
          <RateMenu player={player} />
          <About session={session} player={player} opened={opened} />
          <button
            type="button"
            className={styles['close']}
            onClick={closeRecording}
            title="Back to the present (.)"
          >
            <X size={14} strokeWidth={1.75} aria-hidden="true" /> Close
          </button>
        </span>
      </div>
      <Scrubber player={player} overview={overview} />
    </section>
  );
}

/** The keys of a view that stands still do the same here. */
function usePlayerCommands(player: Player): void {
  useCommand('time.pause', () => player.toggle());
  useCommand('time.back', () => void player.step(-1));
  useCommand('time.forward', () => void player.step(1));
  useCommand('time.live', closeRecording);
  useCommand('playback.slower', () => player.setRate(rateBeside(player.rate, -1)));
  useCommand('playback.faster', () => player.setRate(rateBeside(player.rate, 1)));
  useCommand('playback.previousFlag', player.flags.length > 0 ? () => void player.jump(-1) : undefined);
  useCommand('playback.nextFlag', player.flags.length > 0 ? () => void player.jump(1) : undefined);
}

function Name({ session, opened }: Pick<PlayerBarProps, 'session' | 'opened'>) {
  const { header } = session;
  const name =
    header?.name || opened?.name || (header?.origin === 'rolling' ? 'What is kept now' : header?.id);
  const { host = '', url = '' } = header?.server ?? {};
  return (
    <span className={styles['name']} data-testid="recording-name">
      <span className={styles['strong']}>{name ?? 'without a name'}</span>
      <span className={styles['quiet']}>
        {[host, url.replace(/^https?:\/\//, '')].filter((part) => part !== '').join(' · ')}
      </span>
    </span>
  );
}

interface ControlProps {
  readonly icon: LucideIcon;
  readonly name: string;
  readonly keys?: string;
  readonly onPress: () => void;
  readonly isDisabled?: boolean;
}

function Control({ icon: Picture, name, keys, onPress, isDisabled = false }: ControlProps) {
  return (
    <button
      type="button"
      className={styles['control']}
      aria-label={name}
      title={keys === undefined ? name : `${name} (${keys})`}
      onClick={onPress}
      disabled={isDisabled}
    >
      <Picture size={16} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}

function Transport({ player }: Pick<PlayerBarProps, 'player'>) {
  const { isPlaying, flags, firstAt, lastAt } = player;
  return (
    <fieldset className={styles['transport']}>
      <legend className="visually-hidden">Playback</legend>
      <Control icon={ChevronFirst} name="To the beginning" onPress={() => void player.seek(firstAt)} />
      <Control
        icon={SkipBack}
        name="Previous flag"
        keys="Shift+←"
        onPress={() => void player.jump(-1)}
        isDisabled={flags.length === 0}
      />
      <Control icon={StepBack} name="Step back" keys="←" onPress={() => void player.step(-1)} />
      <Control
        icon={isPlaying ? Pause : Play}
        name={isPlaying ? 'Pause' : 'Play'}
        keys="Space"
        onPress={() => player.toggle()}
      />
      <Control icon={StepForward} name="Step on" keys="→" onPress={() => void player.step(1)} />
      <Control
        icon={SkipForward}
        name="Next flag"
        keys="Shift+→"
        onPress={() => void player.jump(1)}
        isDisabled={flags.length === 0}
      />
      <Control icon={ChevronLast} name="To the end" onPress={() => void player.seek(lastAt)} />
    </fieldset>
  );
}

/** The time of the instant that is shown, and where in the recording it lies. */
function Clock({ player }: Pick<PlayerBarProps, 'player'>) {
  useSignal(player.moved);
  const { position, firstAt, lastAt } = player;
  return (
    <span className={styles['clock']} data-testid="recording-time" data-at={position}>
      <span className={styles['strong']}>{clockOf(position)}</span>
      <span className={styles['quiet']}>
        {lengthOf(position - firstAt)} / {lengthOf(lastAt - firstAt)}
      </span>
    </span>
  );
}

/** With the day, and tenths of a second. */
function clockOf(at: number): string {
  return `${formatDateTime(at).slice(0, 10)} ${formatClock(at).slice(0, -2)}`;
}

/** In whole seconds: it is read while it runs. */
function lengthOf(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000) * 1000;
  return whole < 1000 ? '0 s' : formatDuration(whole).replace('.0 s', ' s');
}

function Trouble({ session, player }: Pick<PlayerBarProps, 'session' | 'player'>) {
  useSignal(player.moved);
  const { filling, failure } = player;
  const sentence = failure ?? session.missing;
  if (filling !== undefined)
    return (
      <progress className={styles['progress']} value={filling} aria-label="Reading what was before">
        {Math.round(filling * 100)} %
      </progress>
    );
  if (sentence === undefined) return null;
  return (
    <span className={styles['trouble']} data-testid="recording-missing" title={sentence}>
      ▲ {sentence}
    </span>
  );
}

function RateMenu({ player }: Pick<PlayerBarProps, 'player'>) {
  const trigger = (
    <button type="button" className={styles['rate']} data-testid="rate" title="How fast it plays (< and >)">
      {player.rate} ×
      <Icon path={downPath} />
    </button>
  );
  return (
    <Menu trigger={trigger} align="end">
      <MenuChoice
        label="How fast it plays"
        value={player.rate}
        onChange={(rate) => player.setRate(rate)}
        options={rates.map((value) => ({ value, content: `${value} ×` }))}
      />
    </Menu>
  );
}
