import { useEffect, useRef } from 'react';
import type { CheckResult } from '#shared/lab-model.ts';
import { formatDuration } from '#shared/units.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { closePath } from '../../ui/icons.tsx';
import drawer from '../../ui/drawer.module.css';
import styles from './check-details.module.css';

interface CheckDetailsProps {
  readonly result: CheckResult;
  readonly onClose: () => void;
}

const levels = {
  MUST: 'MUST: a server that does otherwise does not follow the RFC',
  SHOULD: 'SHOULD: recommended; there may be reasons against it',
  MAY: 'MAY: not required, and useful to clients',
} as const;

/** One check in full. */
export function CheckDetails({ result, onClose }: CheckDetailsProps) {
  const { id, title, section, level, verdict, sentence, curl, durationMs } = result;
  const close = useRef<HTMLButtonElement>(null);
  // Whoever opened it with the keyboard goes on here; a mouse needs no focus.
  useEffect(() => {
    if (document.activeElement?.matches('tr:focus-visible')) close.current?.focus();
  }, []);
  return (
    <aside className={drawer['drawer']} aria-labelledby="check-title" data-testid="check-details">
      <header className={drawer['head']}>
        <div>
          <h2 id="check-title" title={title}>
            {title}
          </h2>
        </div>
        <IconButton ref={close} icon={closePath} name="Close (Esc)" onPress={onClose} />
      </header>
      <div className={`${drawer['body']} ${styles['content']}`}>
        <p className={styles['verdict']} data-verdict={verdict}>
          <strong>{verdict}</strong> {sentence}
        </p>
        <dl>
          <dt>Level</dt>
          <dd>{levels[level]}</dd>
          <dt>Section</dt>
          <dd>{section}</dd>
          <dt>Name</dt>
          <dd>
            <code>{id}</code>
          </dd>
          <dt>Took</dt>
          <dd>{formatDuration(durationMs)}</dd>
        </dl>
        <h3>In a shell</h3>
        <pre>{curl}</pre>
        <CopyButton text={curl} label="Copy as curl" />
      </div>
    </aside>
  );
}
