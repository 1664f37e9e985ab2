import { useEffect, useState } from 'react';
import { Button, IconButton } from './button.tsx';
import { checkPath, copyPath } from './icons.tsx';

const shownMs = 1600;

interface CopyButtonProps {
  readonly text: string;
  /** What it says until it is pressed. */
  readonly label?: string;
}

/** Copies a text and says so. */
export function CopyButton({ text, label = 'Copy' }: CopyButtonProps) {
  const [outcome, copy] = useCopy(text);
  return (
    <Button icon={outcome === 'copied' ? checkPath : copyPath} onPress={copy}>
      <span aria-live="polite">{outcome === undefined ? label : words[outcome]}</span>
    </Button>
  );
}

/** The same, beside what it copies; `name` says what that is. */
export function CopyIcon({ text, name }: { readonly text: string; readonly name: string }) {
  const [outcome, copy] = useCopy(text);
  return (
    <>
      <IconButton
        icon={outcome === 'copied' ? checkPath : copyPath}
        name={outcome === undefined ? `Copy ${name}` : words[outcome]}
        onPress={copy}
      />
      <span className="visually-hidden" aria-live="polite">
        {outcome && words[outcome]}
      </span>
    </>
  );
}

const words = { copied: 'Copied', refused: 'Select and copy' } as const;
type Outcome = keyof typeof words;

function useCopy(text: string): readonly [Outcome | undefined, () => void] {
  const [outcome, setOutcome] = useState<Outcome>();
  useEffect(() => {
    if (outcome === undefined) return undefined;
    const timer = setTimeout(() => setOutcome(undefined), shownMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = (): void => void writeClipboard(text).then(setOutcome);
  return [outcome, copy];
}

/** Clipboards are closed to pages that were not opened through a secure origin. */
async function writeClipboard(text: string): Promise<Outcome> {
  try {
    await navigator.clipboard.writeText(text);
    return 'copied';
  } catch {
    return 'refused';
  }
}
