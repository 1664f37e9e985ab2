/** The fields that a request of the Range Lab goes out with. */
import type { LabRequest } from '#shared/lab-model.ts';
import { type LabField, labFields } from '#shared/vocabulary/lab.ts';
import { SluiceError } from '#shared/errors.ts';

const written: Readonly<Record<LabField, string>> = {
  range: 'Range',
  'if-range': 'If-Range',
  'if-match': 'If-Match',
  'if-none-match': 'If-None-Match',
  'if-modified-since': 'If-Modified-Since',
  'if-unmodified-since': 'If-Unmodified-Since',
  accept: 'Accept',
  'accept-encoding': 'Accept-Encoding',
  'cache-control': 'Cache-Control',
};

/** What a field value may have in it (RFC 9110, section 5.5): nothing that ends it. */
const fieldValue = /^[\t\u0020-\u007E\u0080-\u00FF]*$/;

/**
 * The fields as they go out, with names as people write them. Bytes are asked for as they are, unless somebody asks for
 * a coding. @throws SluiceError INVALID_INPUT
 */
export function fieldsOf(fields: LabRequest['fields']): readonly (readonly [string, string])[] {
  const asked = labFields.flatMap((name) => {
    const value = fields[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  for (const [name, value] of asked) {
    if (!fieldValue.test(value))
      throw new SluiceError(
        'INVALID_INPUT',
        `${written[name]}: it has a character in it that no field can have`,
      );
  }
  const coding = fields['accept-encoding'] === undefined ? [['Accept-Encoding', 'identity'] as const] : [];
  return [...coding, ...asked.map(([name, value]) => [written[name], value] as const)];
}
