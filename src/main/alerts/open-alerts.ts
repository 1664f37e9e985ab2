/** The alerts of a server, with the webhook that its settings name. */
import { readFileSync } from 'node:fs';
import { quoted, systemReason } from '#main/config/quoted.ts';
import type { Recorder } from '#main/recording/recorder.ts';
import type { Config } from '#shared/config.ts';
import { SluiceError } from '#shared/errors.ts';
import { alertRuleFacts } from '#shared/vocabulary/alerts.ts';
import { Alerts } from './alerts.ts';
import { Webhook, type WebhookOptions } from './webhook.ts';

export interface OpenAlertsOptions extends Pick<WebhookOptions, 'server' | 'onTrouble'> {
  readonly config: Pick<Config, 'dataDir' | 'alertWebhook' | 'alertWebhookSecretFile'>;
  readonly recorder: () => Recorder | undefined;
}

/** @throws SluiceError INVALID_INPUT for rules or a secret that cannot be read */
export function openAlerts({ config, recorder, server, onTrouble }: OpenAlertsOptions): Alerts {
  const { dataDir, alertWebhook: url } = config;
  const secret = secretOf(config.alertWebhookSecretFile);
  return new Alerts({
    dataDir,
    webhook: url === undefined ? undefined : new Webhook({ url, secret, server, onTrouble }),
    record: (alert) => recorder()?.alert(alert),
    save: async ({ rule, text }, from, to) => {
      const present = recorder();
      if (!present) throw new SluiceError('NOT_FOUND', 'nothing is recorded');
      const name = alertRuleFacts[rule].label;
      const { id } = await present.saveBetween(from, to, 'alert', { name, note: text });
      return id;
    },
    onTrouble,
  });
}

function secretOf(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const refuse = (why: string, cause?: unknown) =>
    new SluiceError(
      'INVALID_INPUT',
      `--alert-webhook-secret-file ${quoted(path)} ${why}: allowed is a file with a secret`,
      { cause },
    );
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw refuse(`cannot be read (${systemReason(error)})`, error);
  }
  if (text === '') throw refuse('is empty');
  return text;
}
