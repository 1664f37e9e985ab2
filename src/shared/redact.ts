/**
 * Secrets do not stay in the memory of requests: fields that carry them, and parameters of URLs, read `redacted`. What
 * they are called decides; when in doubt, it is a secret.
 */

export const redacted = 'redacted';

const secretField = /^(?:authorization|cookie|set-cookie|x-amz-security-token)$|^proxy-/i;
const secretName =
  /token|secret|passw|passphrase|signature|credential|api[-_]?key|access[-_]?key|session|jwt|^(?:sig|auth|pwd)$/i;

/** Field lines, name and value in turns (as node's `rawHeaders`), in a copy without secrets. */
export function withoutSecrets(fields: readonly string[]): string[] {
  const safe: string[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = fields[at] ?? '';
    safe.push(name, safeValue(name, fields[at + 1] ?? ''));
  }
  return safe;
}

function safeValue(name: string, value: string): string {
  return isSecretField(name) ? redacted : safeUrl(value);
}

/** The same few names come with every request. */
const knownFields = new Map<string, boolean>();
const maxKnownFields = 1000;

function isSecretField(name: string): boolean {
  const known = knownFields.get(name);
  if (known !== undefined) return known;
  const isSecret = secretField.test(name) || secretName.test(name);
  if (knownFields.size >= maxKnownFields) knownFields.clear();
  knownFields.set(name, isSecret);
  return isSecret;
}

/** `text` with the values of secret parameters, and what stands before an `@`, taken out. */
export function safeUrl(text: string): string {
  const bare = text.includes('@') ? text.replaceAll(/:\/\/[^/?#@\s]*@/g, `://${redacted}@`) : text;
  if (!bare.includes('=')) return bare;
  return bare.replaceAll(/([?&;#])([^=&;#?\s]+)=([^&;#\s]*)/g, (whole: string, sign: string, name: string) =>
    secretName.test(decoded(name)) ? `${sign}${name}=${redacted}` : whole,
  );
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
