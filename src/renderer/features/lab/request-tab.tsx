import { explain } from '#shared/explain.ts';
import { formatHttpDate } from '#shared/http/date.ts';
import { theCommands } from '../../state/commands.ts';
import { Button } from '../../ui/button.tsx';
import { Answer } from './answer.tsx';
import { Beforehand } from './beforehand.tsx';
import { NothingSent, NotAnswered } from './empty.tsx';
import { fieldNames, type Form, type FormField, formFields } from './form.ts';
import type { Sending } from './use-sending.ts';
import { presetsFor } from './words.ts';
import styles from './request-tab.module.css';

interface RequestTabProps {
  readonly form: Form;
  readonly sending: Sending;
  readonly isConnected: boolean;
}

const placeholders: Readonly<Record<FormField, string>> = {
  range: 'bytes=0-1023',
  'if-range': '"etag" or a date',
  'if-match': '"etag", … or *',
  'if-none-match': '"etag", … or *',
  'if-modified-since': 'Sun, 06 Nov 1994 08:49:37 GMT',
  'if-unmodified-since': 'Sun, 06 Nov 1994 08:49:37 GMT',
};

/** On the left what is asked and what should come of it, on the right what came. */
export function RequestTab({ form, sending, isConnected }: RequestTabProps) {
  const { request } = form;
  const known = sending.knownAt(request.url);
  const explained =
    known && request.method !== 'OPTIONS'
      ? explain({ method: request.method, headers: request.fields }, known)
      : undefined;
  const currentOf = (name: FormField): string | undefined => {
    if (name === 'range') return undefined;
    if (name.endsWith('since'))
      return known?.lastModified === undefined ? undefined : formatHttpDate(new Date(known.lastModified));
    return known?.etag;
  };
  return (
    <div className={styles['columns']}>
      <div className={styles['asked']}>
        <section aria-labelledby="lab-fields">
          <h3 id="lab-fields">Request fields</h3>
          {formFields.map((name) => (
            <Field key={name} name={name} form={form} current={currentOf(name)} />
          ))}
          <fieldset className={styles['presets']}>
            <legend className="visually-hidden">Examples</legend>
            {presetsFor(known).map(({ name, meaning, fields }) => (
              <button key={name} type="button" title={meaning} onClick={() => form.setFields(fields)}>
                {name}
              </button>
            ))}
            <button type="button" title="No field at all" onClick={() => form.setFields({})}>
              None
            </button>
          </fieldset>
        </section>
        <Beforehand
          request={request}
          known={known}
          explained={explained}
          canLook={isConnected && request.url !== '' && !sending.isSending}
          onLook={() => sending.send({ url: request.url, method: 'HEAD', fields: {} })}
        />
      </div>
      <div className={styles['came']} aria-live="polite" aria-busy={sending.isSending}>
        {sending.failure !== undefined && <NotAnswered sentence={sending.failure} />}
        {sending.failure === undefined && sending.last === undefined && (
          <NothingSent form={form} isConnected={isConnected} isSending={sending.isSending} />
        )}
        {sending.failure === undefined && sending.last && (
          <Answer
            answered={sending.last}
            onFollow={(url) => form.setUrl(url)}
            isOfNow={sending.last.request.url === request.url}
          />
        )}
      </div>
    </div>
  );
}

interface FieldProps {
  readonly name: FormField;
  readonly form: Form;
  /** The validator of the object as it is, if that is known. */
  readonly current: string | undefined;
}

function Field({ name, form, current }: FieldProps) {
  const value = form.request.fields[name] ?? '';
  const id = `lab-${name}`;
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{fieldNames[name]}</label>
      <input
        id={id}
        value={value}
        spellCheck={false}
        autoComplete="off"
        placeholder={placeholders[name]}
        onChange={(event) => form.setField(name, event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') theCommands.run('lab.run');
        }}
      />
      {current !== undefined && value !== current && (
        <Button
          weight="quiet"
          title={`Fill in ${current}`}
          aria-label={`${fieldNames[name]}: fill in the current`}
          onPress={() => form.setField(name, current)}
        >
          current
        </Button>
      )}
    </div>
  );
}
