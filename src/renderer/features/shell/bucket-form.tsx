/** Objects from a bucket. The store is chosen when Sluice starts, so what comes of it is the command for that. */
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Field } from '../../ui/field.tsx';
import { Modal } from '../../ui/modal.tsx';
import { Switch } from '../../ui/switch.tsx';
import { type BucketInput, isComplete, problemOf, serveCommand } from './bucket.ts';
import type { ShellDialogProps } from './dialogs.tsx';
import styles from './forms.module.css';

export function BucketForm({ onClose }: ShellDialogProps) {
  const [input, setInput] = useState<BucketInput>({
    store: '',
    s3Endpoint: '',
    s3Region: '',
    s3PathStyle: false,
  });
  const set = (more: Partial<BucketInput>): void => setInput((before) => ({ ...before, ...more }));
  const command = isComplete(input) ? serveCommand(input) : undefined;
  return (
    <Modal
      title="Add a bucket"
      testId="add-bucket"
      onClose={onClose}
      actions={<Button onPress={onClose}>Close</Button>}
    >
      <div className={styles['form']}>
        <Field
          label="Bucket"
          value={input.store}
          onChange={(store) => set({ store: store.trim() })}
          placeholder="s3://bucket/prefix"
          hint="Objects are read from here and written to here."
          problem={
            input.store === '' || 's3://'.startsWith(input.store)
              ? undefined
              : problemOf('store', input.store.startsWith('s3://') ? input.store : `s3:${input.store}`)
          }
          isFirst
        />
        <Field
          label="Endpoint"
          value={input.s3Endpoint}
          onChange={(s3Endpoint) => set({ s3Endpoint: s3Endpoint.trim() })}
          placeholder="https://s3.example.com"
          hint="Empty for AWS."
          problem={problemOf('s3Endpoint', input.s3Endpoint)}
        />
        <Field
          label="Region"
          value={input.s3Region}
          onChange={(s3Region) => set({ s3Region: s3Region.trim() })}
          placeholder="eu-central-1"
          hint="Empty: what the AWS tools on that machine are set to."
          problem={problemOf('s3Region', input.s3Region)}
        />
        <div className={styles['switch']}>
          <Switch isOn={input.s3PathStyle} onChange={(s3PathStyle) => set({ s3PathStyle })}>
            Bucket in the path instead of the host name (MinIO, Ceph)
          </Switch>
        </div>
        <p className={styles['note']}>
          Sluice opens its store when it starts, so this needs a restart: stop it, and start it with this
          command. Credentials come from the AWS tools’ own places; none are asked for here.
        </p>
        <div className={styles['command']} data-testid="bucket-command">
          <code>{command ?? 'sluice serve --store s3://BUCKET'}</code>
          {command !== undefined && <CopyButton text={command} />}
        </div>
      </div>
    </Modal>
  );
}
