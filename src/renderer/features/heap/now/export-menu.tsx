import type { LedgerReading } from '#shared/ledger-model.ts';
import { ledgerLines, ledgerProfile } from '#shared/profile/ledger-profile.ts';
import { Button } from '../../../ui/button.tsx';
import { Menu, MenuGroup, MenuItem } from '../../../ui/menu.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { go, parsePlace } from '../../../state/place.ts';
import { openBytes } from '../../../state/profile-store.ts';

const exportPath = 'M6 7.500v-6M3.500 4 6 1.500 8.500 4M1.500 8v2.500h9V8';

/** The owners that are shown, in files for other tools. Made in the page, so that they are the same in a recording. */
export function ExportMenu({ reading }: { readonly reading: LedgerReading }) {
  const { at, owners } = reading;
  const name = `sluice-ledger-${compact(at)}`;
  const savePprof = async (): Promise<void> => {
    const plain = new Blob([ledgerProfile(owners, at)]);
    const packed = await new Response(plain.stream().pipeThrough(new CompressionStream('gzip'))).blob();
    saveFile(packed, `${name}.pb.gz`);
  };
  const openHere = (): void => {
    const { params } = parsePlace(location.hash);
    go({ view: 'heap', subject: 'profiles', params });
    openBytes(`${name}.pb`, ledgerProfile(owners, at));
  };
  return (
    <Menu
      align="end"
      testId="ledger-export"
      trigger={
        <Button weight="quiet" icon={exportPath}>
          Export
        </Button>
      }
    >
      <MenuGroup label="The ledger as it is shown">
        <MenuItem onPress={openHere}>Open under Profiles, to keep and compare it</MenuItem>
        <MenuItem onPress={() => void savePprof()}>pprof, to open beside a heap profile</MenuItem>
        <MenuItem onPress={() => saveFile(new Blob([ledgerLines(owners, at)]), `${name}.ndjson`)}>
          NDJSON, a line for each owner
        </MenuItem>
      </MenuGroup>
    </Menu>
  );
}

/** `20260131T140211Z`. */
function compact(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}
