/** Opens files from disk; what is opened stays on this machine. */
import { useRef } from 'react';
import { maxProfileBytes } from '#shared/profile/profile.ts';
import { formatBytes } from '#shared/units.ts';
import { openFile } from '../../state/profile-store.ts';
import { Button } from '../../ui/button.tsx';
import { folderPath } from '../../ui/icons.tsx';

/** The endings that such files have, for the dialog; whatever they are called, their content counts. */
const endings = '.heapprofile,.heapsnapshot,.cpuprofile,.pb,.gz,.pprof,.prof,.folded,.txt';

export const privacySentence = `Read in this window, up to ${formatBytes(maxProfileBytes)}: nothing of it leaves this machine.`;

interface OpenFilesProps {
  readonly weight: 'main' | 'quiet';
  readonly children: string;
}

export function OpenFiles({ weight, children }: OpenFilesProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        weight={weight}
        icon={folderPath}
        title={privacySentence}
        onPress={() => input.current?.click()}
      >
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={endings}
        data-testid="profile-files"
        onChange={({ target }) => {
          for (const file of target.files ?? []) openFile(file);
          // The same file may be chosen again.
          target.value = '';
        }}
      />
    </>
  );
}
