/**
 * Alerts: every frame is judged by the rules. One that fires is remembered, recorded, sent to the webhook, and half a
 * minute later the recording from a minute before is saved; once in ten minutes for each rule, so that a night of
 * trouble does not fill the disk.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { readPrivate, writePrivate } from '#main/access/private-file.ts';
import {
  alertSettingsSchema,
  defaultAlertSettings,
  type Alert,
  type AlertSettings,
} from '#shared/alert-model.ts';
import { messageOf } from '#shared/errors.ts';
import type { Frame } from '#shared/model.ts';
import { alertRuleFacts, alertRules, maxAlerts, type AlertRule } from '#shared/vocabulary/alerts.ts';
import { AlertReadings } from './readings.ts';
import { RuleState } from './rule-state.ts';
import type { Webhook } from './webhook.ts';

const beforeMs = 60_000;
const afterMs = 30_000;
const saveEveryMs = 10 * 60_000;

export interface AlertOptions {
  /** Where the rules are kept that somebody has changed. */
  readonly dataDir: string;
  /** Saves what was recorded between two instants; resolves with the id. */
  readonly save: (alert: Alert, from: number, to: number) => Promise<string>;
  /** Makes an alert part of what is recorded. */
  readonly record: (alert: Alert) => void;
  readonly webhook?: Webhook | undefined;
  readonly onTrouble: (message: string, details: object) => void;
}

export class Alerts implements Disposable {
  readonly #options: AlertOptions;
  readonly #path: string;
  readonly #readings = new AlertReadings();
  readonly #states = new Map<AlertRule, RuleState>();
  /** The newest last. */
  readonly #alerts: Alert[] = [];
  readonly #savedAt = new Map<AlertRule, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #rules: AlertSettings;
  #version = 0;

  /** @throws SluiceError INVALID_INPUT that names the file when it holds no rules */
  constructor(options: AlertOptions) {
    this.#options = options;
    this.#path = join(options.dataDir, 'alerts.json');
    this.#rules = readPrivate(this.#path, alertSettingsSchema) ?? defaultAlertSettings;
  }

  get rules(): AlertSettings {
    return this.#rules;
  }

  get webhook(): Webhook | undefined {
    return this.#options.webhook;
  }

  /** The newest first. */
  get list(): readonly Alert[] {
    return this.#alerts.toReversed();
  }

  /** Grows with each change. */
  get version(): number {
    return this.#version;
  }

  /** In force at once, and after the next start. @throws SluiceError when they cannot be kept */
  async setRules(rules: AlertSettings): Promise<void> {
    await writePrivate(this.#path, rules);
    this.#rules = rules;
    this.#version += 1;
  }

  /** Judges a frame. Quick, and never throws. */
  see(frame: Frame): void {
    const readings = this.#readings.of(frame);
    for (const rule of alertRules) {
      const { isOn, threshold } = this.#rules[rule];
      const reading = readings[rule];
      const isAt = isOn && reading !== undefined && reading.value >= threshold;
      const change = this.#stateOf(rule).update(frame.at, isAt ? 'at threshold' : 'below');
      if (change === 'fired' && reading) this.#fire({ rule, at: frame.at, threshold, ...reading });
      else if (change === 'resolved') this.#resolve(rule, frame.at);
      else if (isAt && this.#stateOf(rule).isFiring) this.#worsen(rule, reading);
    }
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#options.webhook?.[Symbol.dispose]();
  }

  #stateOf(rule: AlertRule): RuleState {
    const state = this.#states.get(rule) ?? new RuleState(alertRuleFacts[rule]);
    this.#states.set(rule, state);
    return state;
  }

  #fire(fired: Pick<Alert, 'rule' | 'at' | 'threshold' | 'value' | 'text'>): void {
    const alert: Alert = { id: randomUUID(), state: 'firing', ...fired };
    this.#alerts.push(alert);
    if (this.#alerts.length > maxAlerts) this.#alerts.shift();
    this.#tell(alert);
    const last = this.#savedAt.get(alert.rule);
    if (last !== undefined && alert.at - last < saveEveryMs) return;
    this.#savedAt.set(alert.rule, alert.at);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#save(alert);
    }, afterMs);
    timer.unref();
    this.#timers.add(timer);
  }

  #resolve(rule: AlertRule, resolvedAt: number): void {
    const found = this.#change(
      (alert) => alert.rule === rule && alert.state === 'firing',
      (alert) => ({ ...alert, state: 'resolved', resolvedAt }),
    );
    if (found) this.#tell(found);
  }

  #worsen(rule: AlertRule, { value, text }: Pick<Alert, 'value' | 'text'>): void {
    this.#change(
      (alert) => alert.rule === rule && alert.state === 'firing' && value > alert.value,
      (alert) => ({ ...alert, value, text }),
    );
  }

  async #save({ id, at }: Alert): Promise<void> {
    const alert = this.#alerts.find((each) => each.id === id);
    if (!alert) return;
    try {
      const recording = await this.#options.save(alert, at - beforeMs, at + afterMs);
      this.#change(
        (each) => each.id === id,
        (each) => ({ ...each, recording }),
      );
    } catch (error) {
      this.#options.onTrouble(`the recording of an alert was not saved (${messageOf(error)})`, {
        err: error,
      });
    }
  }

  #tell(alert: Alert): void {
    this.#version += 1;
    this.#options.record(alert);
    this.#options.webhook?.send(alert);
  }

  #change(which: (alert: Alert) => boolean, how: (alert: Alert) => Alert): Alert | undefined {
    const at = this.#alerts.findLastIndex(which);
    const found = this.#alerts[at];
    if (!found) return undefined;
    const changed = how(found);
    this.#alerts[at] = changed;
    this.#version += 1;
    return changed;
  }
}
