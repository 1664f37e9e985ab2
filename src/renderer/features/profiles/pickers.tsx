/** Which two profiles are compared, and which is the first. */
import type { ProfileInfo } from '../../state/profile-questions.ts';
import { profileText } from '../../state/profile-address.ts';
import { theProfiles } from '../../state/profile-store.ts';
import { Button } from '../../ui/button.tsx';
import { downPath } from '../../ui/icons.tsx';
import { Menu, MenuChoice } from '../../ui/menu.tsx';
import { OpenFiles } from './open-files.tsx';
import { changeAddress } from './use-address.ts';
import styles from './pickers.module.css';

const swapPath = 'M1.500 4h8M7.500 2l2 2-2 2M10.500 8h-8M4.500 6l-2 2 2 2';

interface PickersProps {
  readonly a: ProfileInfo | undefined;
  readonly b: ProfileInfo | undefined;
}

export function Pickers({ a, b }: PickersProps) {
  const swap = (): void => changeAddress({ a: b && profileText(b), b: a && profileText(a) }, 'replace');
  return (
    <div className={styles['pickers']} data-testid="pickers">
      <Picker
        side="A"
        word="before"
        chosen={a}
        onChoose={(info) => changeAddress({ a: profileText(info) })}
      />
      <Button weight="quiet" icon={swapPath} isDisabled={!a || !b} onPress={swap}>
        Swap
      </Button>
      <Picker side="B" word="after" chosen={b} onChoose={(info) => changeAddress({ b: profileText(info) })} />
      <OpenFiles weight="quiet">Open…</OpenFiles>
    </div>
  );
}

interface PickerProps {
  readonly side: 'A' | 'B';
  readonly word: string;
  readonly chosen: ProfileInfo | undefined;
  readonly onChoose: (info: ProfileInfo) => void;
}

function Picker({ side, word, chosen, onChoose }: PickerProps) {
  return (
    <div className={styles['picker']}>
      <b>{side}</b>
      <span>{word}</span>
      <Menu
        testId={`picker-${side}`}
        trigger={
          <Button icon={downPath} aria-label={`${side}, ${word}: ${chosen?.name ?? 'none chosen'}`}>
            {chosen?.name ?? 'Choose'}
          </Button>
        }
      >
        <MenuChoice
          label={`${side}, ${word}`}
          value={chosen?.id ?? ''}
          options={theProfiles.profiles.map(({ id, name }) => ({ value: id, content: name }))}
          onChange={(id) => {
            const info = theProfiles.find(id);
            if (info) onChoose(info);
          }}
        />
      </Menu>
    </div>
  );
}
