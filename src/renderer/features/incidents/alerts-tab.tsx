import { useRecorder } from '../../state/recorder-context.ts';
import { useSignal } from '../../state/signal.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { AlertLog } from './alert-log.tsx';
import { RuleEditor } from './rule-editor.tsx';
import { WebhookFacts } from './webhook-facts.tsx';
import section from '../../ui/section.module.css';
import styles from './alerts-tab.module.css';

/** What has fired, and from when on something does. */
export function AlertsTab() {
  const recorder = useRecorder();
  useSignal(recorder.changed);
  if (recorder.alertsVersion === undefined)
    return <EmptyState kind="nothing" title="Reading the alerts" testId="alerts-loading" />;
  return (
    <div className={section['columns']} data-details>
      <AlertLog alerts={recorder.alerts} at={recorder.at} />
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
      <section className={styles['side']} tabIndex={0} aria-label="Thresholds and webhook">
        <RuleEditor version={recorder.alertsVersion} />
        <WebhookFacts webhook={recorder.webhook} />
      </section>
    </div>
  );
}
