/**
 * The Settings view: what the server runs with, who says so, and what it would allow if it were something else; and
 * what this console looks like and costs. Nothing is lost by looking around: what was typed stays until it is saved or
 * taken back.
 */
import { type Dispatch, type SetStateAction, useEffect, useMemo, useState } from 'react';
import { settingGroups, type SettingName } from '#shared/config.ts';
import { useLive } from '../../state/live-context.ts';
import { placeHash, usePlace } from '../../state/place.ts';
import { useSignal } from '../../state/signal.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { checkDrafts, type Drafts } from './drafts.ts';
import { GroupSection } from './group-section.tsx';
import { SaveBar } from './save-bar.tsx';
import { sections, sectionNamed, type Section } from './sections.tsx';
import { FormContext } from './settings-context.ts';
import { SettingsStore } from './settings-store.ts';
import styles from './settings-view.module.css';

export function SettingsView() {
  const { store, follower } = useLive();
  useSignal(store.connectionChanged);
  const [settings] = useState(() => new SettingsStore(follower.call));
  const [drafts, setDrafts] = useState<Drafts>({});
  const section = sectionNamed(usePlace().subject);
  const isLive = store.connection.kind === 'live';
  // With each connection: the server may have been started again with others.
  useEffect(() => {
    if (isLive) settings.read();
  }, [settings, isLive]);
  return (
    <main className={styles['view']} data-stale={!isLive && section.kind === 'server'} data-testid="settings">
      <Sections current={section} />
      <div className={styles['main']}>
        {section.kind === 'console' ? (
          <div className={styles['body']}>
            <Head section={section} />
            <section.component />
          </div>
        ) : (
          <ServerSection
            section={section}
            settings={settings}
            drafts={drafts}
            onDrafts={setDrafts}
            isLive={isLive}
          />
        )}
      </div>
    </main>
  );
}

function Sections({ current }: { readonly current: Section }) {
  return (
    <nav className={styles['sections']} aria-label="Settings">
      {(['server', 'console'] as const).map((kind) => (
        <div key={kind}>
          <h2>{kind === 'server' ? 'Server' : 'This console'}</h2>
          {sections
            .filter((section) => section.kind === kind)
            .map(({ name, title }) => (
              <a
                key={name}
                href={placeHash('settings', name)}
                aria-current={name === current.name ? 'page' : undefined}
              >
                {title}
              </a>
            ))}
        </div>
      ))}
    </nav>
  );
}

function Head({ section }: { readonly section: Section }) {
  return (
    <header className={styles['head']}>
      <h2>{section.title}</h2>
      <p>{section.about}</p>
    </header>
  );
}

interface ServerSectionProps {
  readonly section: Section;
  readonly settings: SettingsStore;
  readonly drafts: Drafts;
  readonly onDrafts: Dispatch<SetStateAction<Drafts>>;
  readonly isLive: boolean;
}

function ServerSection({ section, settings, drafts, onDrafts, isLive }: ServerSectionProps) {
  const { store } = useLive();
  useSignal(settings.changed);
  const { state, failure, isSaving, save, restart } = settings;
  const checked = useMemo(() => checkDrafts(state?.settings ?? [], drafts), [state, drafts]);
  const canChange = store.currentHello?.role === 'operator' && isLive;
  const group = settingGroups.find((each) => each === section.name);
  if (!state || !group) return <Unread failure={failure} isLive={isLive} />;
  const type = (name: SettingName, text: string | undefined): void =>
    onDrafts(({ [name]: _before, ...rest }) => (text === undefined ? rest : { ...rest, [name]: text }));
  const pending = state.settings.filter(({ next }) => next !== undefined).length;
  return (
    <FormContext value={{ state, drafts, checked, canChange, type }}>
      <div className={styles['body']}>
        <Head section={section} />
        {failure !== undefined && isLive && (
          <p className={styles['failure']} role="alert">
            <span aria-hidden="true">▲</span> {failure}
          </p>
        )}
        {pending > 0 && (
          <div className={styles['pending']} data-testid="pending">
            <p>
              {pending === 1 ? '1 saved change is' : `${pending} saved changes are`} in force after a restart.{' '}
              {!state.canRestart && 'End the server and start it again as it was started.'}
            </p>
            {state.canRestart && canChange && <Button onPress={restart}>Restart now</Button>}
          </div>
        )}
        {!canChange && isLive && (
          <p className={styles['viewer']}>Viewers see the settings; changing them needs the operator role.</p>
        )}
        <GroupSection group={group} />
      </div>
      <SaveBar
        changed={Object.keys(checked.changes) as SettingName[]}
        problems={checked.problems.size}
        isSaving={isSaving}
        path={state.path}
        onSave={() => {
          void save(checked.changes).then((saved) => {
            if (saved) onDrafts({});
          });
        }}
        onDiscard={() => onDrafts({})}
      />
    </FormContext>
  );
}

function Unread({ failure, isLive }: { readonly failure: string | undefined; readonly isLive: boolean }) {
  if (!isLive) {
    return (
      <EmptyState kind="disconnected" title="No connection">
        <p>The server&apos;s settings are read when it answers.</p>
      </EmptyState>
    );
  }
  return failure === undefined ? (
    <p className={styles['loading']}>Reading the settings</p>
  ) : (
    <EmptyState kind="nothing" title="The settings cannot be read">
      <p>{failure}</p>
    </EmptyState>
  );
}
