import type { WebhookState } from '#shared/contract/alerts.ts';
import { formatCount } from '#shared/units.ts';
import { placeHash } from '../../state/place.ts';
import section from '../../ui/section.module.css';
import styles from './webhook-facts.module.css';

/** Where alerts go beside the console, and whether they arrive. */
export function WebhookFacts({ webhook }: { readonly webhook: WebhookState | undefined }) {
  return (
    <section aria-labelledby="webhook-title" data-testid="webhook">
      <header className={section['head']}>
        <h2 id="webhook-title">Webhook</h2>
        {webhook && (
          <span className={section['summary']}>
            {formatCount(webhook.sent)} sent · {formatCount(webhook.failed)} failed
            {webhook.waiting > 0 && ` · ${formatCount(webhook.waiting)} waiting`}
          </span>
        )}
      </header>
      <div className={styles['facts']}>
        {webhook ? (
          <>
            <p>
              Alerts go to <code>{webhook.origin}</code>,{' '}
              {webhook.isSigned
                ? 'signed.'
                : 'not signed: --alert-webhook-secret-file names a secret to sign with.'}
            </p>
            {webhook.lastError !== undefined && (
              <p className={styles['bad']}>▲ The last one did not arrive: {webhook.lastError}</p>
            )}
          </>
        ) : (
          <p>
            None. <code>--alert-webhook URL</code> sends each alert there when it fires and when it is over.
          </p>
        )}
        <p>
          <a href={placeHash('settings', 'recordings')}>In the settings</a>
        </p>
      </div>
    </section>
  );
}
