import { useState } from 'react';
import { copyPath, Icon } from './icons.tsx';
import styles from './copy-button.module.css';

const shownMs = 1600;

/** Copies a text and says so. */
export function CopyButton({ text }: { readonly text: string }) {
  const [outcome, setOutcome] = useState('Copy');
  const copy = async (): Promise<void> => {
    setOutcome((await writeClipboard(text)) ? 'Copied' : 'Select and copy');
    setTimeout(() => setOutcome('Copy'), shownMs);
  };
  return (
    <button type="button" className={styles['button']} onClick={() => void copy()}>
      <Icon path={copyPath} />
      <span aria-live="polite">{outcome}</span>
    </button>
  );
}

/** Clipboards are closed to pages that were not opened through a secure origin. */
async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
