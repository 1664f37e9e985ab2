/** Nothing to show, and why: each reason has words and a way on of its own. */
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import type { ProfileName } from '../../state/profile-address.ts';
import type { WantedLabels } from '../../state/profile-questions.ts';
import { OpenFiles, privacySentence } from './open-files.tsx';
import { changeAddress } from './use-address.ts';
import { labelWords } from './words.ts';
import styles from './empty.module.css';

const captureCommand = 'sluice profile heap -o server.heapprofile';

export function NoneOpen() {
  return (
    <EmptyState kind="nothing" title="No profile is open" testId="profiles-none">
      <p>
        Open heap and CPU profiles of whatever made them: pprof of Go and others, with gzip or without;
        .heapprofile, .cpuprofile and .heapsnapshot of V8; folded stacks. Several at once, or dropped here.
      </p>
      <OpenFiles weight="main">Open a profile…</OpenFiles>
      <p>{privacySentence}</p>
      <p>Or take one of a running Sluice, above or with:</p>
      <div className={styles['try']}>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long command scrolls */}
        <code tabIndex={0}>{captureCommand}</code>
        <CopyButton text={captureCommand} />
      </div>
    </EmptyState>
  );
}

/** The address names a profile that is not open in this window. */
export function NotOpen({ wanted }: { readonly wanted: readonly ProfileName[] }) {
  const names = wanted.map(({ name }) => name).join(' and ');
  return (
    <EmptyState kind="nothing" title={`Open ${names} to see this`} testId="profiles-not-open">
      <p>
        This address is about {wanted.length === 1 ? 'a profile that is' : 'profiles that are'} not open in
        this window. Whoever sent it has the {wanted.length === 1 ? 'file' : 'files'}.
      </p>
      <OpenFiles weight="main">{`Open ${names}…`}</OpenFiles>
      <p>{privacySentence}</p>
    </EmptyState>
  );
}

export function NothingMatches({ what, search }: { readonly what: string; readonly search: string }) {
  return (
    <EmptyState kind="no-match" title="Nothing matches" testId="profiles-no-match">
      <p>
        No {what} has “{search.trim()}” in its name.
      </p>
      <Button onPress={() => changeAddress({ q: undefined })}>Show all</Button>
    </EmptyState>
  );
}

/** No sample that is looked at has anything. */
export function NothingSampled({ type, labels }: { readonly type: string; readonly labels: WantedLabels }) {
  if (labels.length === 0)
    return (
      <EmptyState kind="nothing" title={`Nothing was sampled of ${type}`} testId="profiles-nothing-sampled">
        <p>The profile has this type, and all of its values are 0: another type may have more.</p>
      </EmptyState>
    );
  return (
    <EmptyState kind="no-match" title="Nothing matches" testId="profiles-no-match">
      <p>
        No sample with {labelWords(labels)} has anything of {type}.
      </p>
      <Button onPress={() => changeAddress({ labels: undefined })}>Count all samples</Button>
    </EmptyState>
  );
}

/** What is asked for cannot be answered. */
export function NotShown({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <EmptyState kind="nothing" title={title} testId="profiles-not-shown">
      {children}
    </EmptyState>
  );
}

/** Comparing takes two profiles. */
export function NeedsTwo({ open }: { readonly open: number }) {
  return (
    <EmptyState kind="nothing" title="Two profiles are compared" testId="compare-none">
      <p>
        {open === 0
          ? 'Open two profiles of the same program: one from before, one from after.'
          : 'Open another profile of the same program, or choose both above.'}
      </p>
      <OpenFiles weight="main">Open profiles…</OpenFiles>
      <p>{privacySentence}</p>
    </EmptyState>
  );
}
