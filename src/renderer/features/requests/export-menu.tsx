import { useState } from 'react';
import { messageOf } from '#shared/errors.ts';
import { useLive } from '../../state/live-context.ts';
import { Button } from '../../ui/button.tsx';
import { Menu, MenuGroup, MenuItem } from '../../ui/menu.tsx';
import { useServerUrl } from './server-url.ts';
import styles from './panel.module.css';

const exportPath = 'M6 7.500v-6M3.500 4 6 1.500 8.500 4M1.500 8v2.500h9V8';

type ExportKind = 'har' | 'ndjson';

/** Everything that the server has kept and that passes the filter, in a file. */
export function ExportMenu({ text }: { readonly text: string }) {
  const { follower } = useLive();
  const server = useServerUrl();
  const [outcome, setOutcome] = useState<string>();
  const save = (kind: ExportKind): void => {
    setOutcome(undefined);
    // The window on the desktop has no downloads: it asks where to, and writes the file itself.
    if (window.sluiceDesktop !== true)
      download(`${server}api/v1/requests.${kind}?${new URLSearchParams({ q: text })}`);
    else {
      void follower
        .call((client) => client.desktop.saveExport({ kind, q: text }))
        .then(
          ({ file }) => setOutcome(file === undefined ? undefined : `Saved as ${file}`),
          (error: unknown) => setOutcome(`▲ ${messageOf(error)}`),
        );
    }
  };
  return (
    <>
      <Menu
        align="end"
        testId="export"
        trigger={
          <Button weight="quiet" icon={exportPath}>
            Export
          </Button>
        }
      >
        <MenuGroup label={text.trim() === '' ? 'All that the server has kept' : 'All that pass the filter'}>
          <MenuItem onPress={() => save('har')}>HAR 1.2, for other tools</MenuItem>
          <MenuItem onPress={() => save('ndjson')}>NDJSON, a line for each</MenuItem>
        </MenuGroup>
      </Menu>
      {outcome !== undefined && (
        <output className={styles['outcome']} title={outcome}>
          {outcome}
        </output>
      )}
    </>
  );
}

/** The server names the file. */
function download(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}
