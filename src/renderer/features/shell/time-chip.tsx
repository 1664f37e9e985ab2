/** Which time all views look at: the present, a stretch of the past, or an instant at which they stand still. */
import { formatTime } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { columnMs } from '../../state/columns.ts';
import { spans } from '../../state/timeline.ts';
import { useSignal } from '../../state/signal.ts';
import { downPath, Icon, pausePath, playPath } from '../../ui/icons.tsx';
import { IconButton } from '../../ui/button.tsx';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../../ui/menu.tsx';
import styles from './chip.module.css';

export function TimeChip() {
  const { timeline, loop, player } = useLive();
  useSignal(timeline.changed);
  const { pausedAt, isLive, minutes } = timeline;
  const then = (change: () => void) => () => {
    change();
    loop.invalidate();
  };
  const { right, span } = timeline.window;
  const stretch = `${formatTime((right - span) * columnMs)} – ${formatTime(right * columnMs)}`;
  const trigger = (
    <button
      type="button"
      className={styles['chip']}
      data-testid="time"
      data-attention={pausedAt !== undefined}
      title="How much time is in view"
    >
      <span className={styles['strong']}>
        {pausedAt === undefined
          ? isLive
            ? player
              ? 'Recording'
              : 'Live'
            : 'Past'
          : `Paused ${formatTime(pausedAt)}`}
      </span>
      <span className={styles['quiet']}>
        {isLive && minutes !== undefined ? `▸ ${minutes} min` : stretch}
      </span>
      <span className={styles['down']}>
        <Icon path={downPath} />
      </span>
    </button>
  );
  return (
    <div className={styles['group']}>
      <Menu trigger={trigger}>
        <MenuChoice
          label="In view"
          value={minutes ?? 0}
          onChange={(next) => then(() => next !== 0 && timeline.show(next))()}
          options={spans.map((value) => ({ value, content: value === 1 ? '1 minute' : `${value} minutes` }))}
        />
        <MenuLine />
        <MenuItem onPress={then(() => timeline.resume())} isDisabled={isLive}>
          {player ? 'To the instant' : 'Go live'}
        </MenuItem>
      </Menu>
      {player ? null : pausedAt === undefined ? (
        <IconButton icon={pausePath} name="Pause" onPress={then(() => timeline.pause())} />
      ) : (
        <IconButton icon={playPath} name="Go live" onPress={then(() => timeline.resume())} />
      )}
    </div>
  );
}
