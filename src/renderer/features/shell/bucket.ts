/** The command that starts Sluice on a bucket, and what is wrong with what was typed for it. */
import { settings } from '#shared/config.ts';

export interface BucketInput {
  readonly store: string;
  readonly s3Endpoint: string;
  readonly s3Region: string;
  readonly s3PathStyle: boolean;
}

type TextField = 'store' | 's3Endpoint' | 's3Region';

/** Why a value is not allowed, by the rules of the settings; `undefined` when it is, or empty. */
export function problemOf(field: TextField, text: string): string | undefined {
  const { schema, allowed } = settings[field];
  if (text === '' || schema.safeParse(text).success) return undefined;
  return `Allowed is ${field === 'store' ? 's3://BUCKET or s3://BUCKET/PREFIX' : allowed}.`;
}

/** Whether a command can be made of it. */
export function isComplete(input: BucketInput): boolean {
  const fields: readonly TextField[] = ['store', 's3Endpoint', 's3Region'];
  return (
    input.store.startsWith('s3://') && fields.every((field) => problemOf(field, input[field]) === undefined)
  );
}

/** The exact command, quoted for a POSIX shell. */
export function serveCommand({ store, s3Endpoint, s3Region, s3PathStyle }: BucketInput): string {
  const words = ['sluice', 'serve', '--store', store];
  if (s3Endpoint !== '') words.push('--s3-endpoint', s3Endpoint);
  if (s3Region !== '') words.push('--s3-region', s3Region);
  if (s3PathStyle) words.push('--s3-path-style');
  return words.map(shellWord).join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
