/** Nothing to show, and why: each reason has words and a way on of its own. */
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { AddForm } from './add-form.tsx';
import { useRepositories } from './context.ts';
import styles from './empty.module.css';

interface EmptyProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly testId: string;
}

function Empty({ title, children, testId }: EmptyProps) {
  return (
    <div className={styles['empty']} data-testid={testId}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

const flags = [
  {
    text: 'sluice serve --repository https://github.com/OWNER/NAME',
    meaning: 'one repository',
  },
  {
    text: "sluice serve --repository 'https://github.com/OWNER/*'",
    meaning: 'all of an owner, each when it is first asked for',
  },
  {
    text: 'sluice serve --repository https://git.example/team/project=file:///srv/git/project.git',
    meaning: 'one that is fetched from elsewhere',
  },
] as const;

/** No rule allows any. */
export function NoneConfigured() {
  return (
    <Empty title="No repository is configured" testId="none-configured">
      <p>
        Start Sluice with <code>--repository</code>, as often as you like, or set{' '}
        <code>SLUICE_REPOSITORIES</code>. It then mirrors them, makes their snapshots and keeps both fresh.
      </p>
      <ul className={styles['flags']}>
        {flags.map(({ text, meaning }) => (
          <li key={text}>
            <code>{text}</code>
            <CopyButton text={text} />
            <p>{meaning}</p>
          </li>
        ))}
      </ul>
    </Empty>
  );
}

interface NoneYetProps {
  readonly rules: readonly string[];
  readonly patterns: readonly string[];
}

/** Patterns allow some, and nobody has asked for one. */
export function NoneYet({ rules, patterns }: NoneYetProps) {
  const { mayChange } = useRepositories();
  return (
    <Empty title="None yet" testId="none-yet">
      <p>
        Allowed: {patterns.join(', ')}. A repository appears here with its first request, or when{' '}
        {mayChange ? 'you add it' : 'an operator adds it'}.
      </p>
      {mayChange && <AddForm rules={rules} />}
    </Empty>
  );
}

export function NothingMatches({ filter, onDrop }: { readonly filter: string; readonly onDrop: () => void }) {
  return (
    <Empty title="Nothing matches" testId="nothing-matches">
      <p>No name has “{filter.trim()}” in it.</p>
      <Button onPress={onDrop}>Show all</Button>
    </Empty>
  );
}

/** The notice above says when the next attempt is. */
export function NoAnswer() {
  return (
    <Empty title="No connection" testId="no-connection">
      <p>The repositories appear here when Sluice answers.</p>
    </Empty>
  );
}

export function Loading() {
  return (
    <Empty title="Reading the repositories" testId="loading">
      <p>The first answer takes a moment.</p>
    </Empty>
  );
}

export function NotReadable({ sentence }: { readonly sentence: string }) {
  return (
    <Empty title="The repositories cannot be read" testId="not-readable">
      <p>{sentence}</p>
      <p>Trying again each second.</p>
    </Empty>
  );
}
