import { IconButton } from './button.tsx';
import { closePath } from './icons.tsx';
import styles from './refusal.module.css';

interface RefusalProps {
  /** Why the server did not do what was asked; absent: it did. */
  readonly sentence: string | undefined;
  readonly onDismiss: () => void;
}

/** What was refused, on top of the view that asked for it. */
export function Refusal({ sentence, onDismiss }: RefusalProps) {
  if (sentence === undefined) return null;
  return (
    <div className={styles['refusal']} role="alert" data-testid="refusal">
      <span aria-hidden="true">▲</span>
      <p>{sentence}</p>
      <IconButton icon={closePath} name="Dismiss" onPress={onDismiss} />
    </div>
  );
}
