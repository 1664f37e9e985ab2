import type { RequestDetail } from '#shared/request-model.ts';
import { redacted } from './curl.ts';
import styles from './drawer.module.css';

/** The fields both ways, in their order. */
export function Headers({ detail }: { readonly detail: RequestDetail }) {
  return (
    <div className={styles['body']}>
      <FieldTable title="Request" fields={detail.requestHeaders} />
      <FieldTable title="Answer" fields={detail.responseHeaders} />
    </div>
  );
}

interface FieldTableProps {
  readonly title: string;
  readonly fields: RequestDetail['requestHeaders'];
}

export function FieldTable({ title, fields }: FieldTableProps) {
  const lines = fields.map(([name, value], index) => ({ key: `${index} ${name}`, name, value }));
  return (
    <section>
      <h3>
        {title} <span className={styles['quiet']}>{lines.length === 0 ? 'no fields' : ''}</span>
      </h3>
      <table className={styles['fields']} aria-label={`Fields of the ${title.toLowerCase()}`}>
        <tbody>
          {lines.map(({ key, name, value }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              <td>
                {value === redacted ? (
                  <span className={styles['redacted']} title="A secret: the server does not keep it">
                    redacted
                  </span>
                ) : (
                  <code>{value}</code>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
