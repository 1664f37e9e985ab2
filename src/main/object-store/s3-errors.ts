/** What the SDK throws, as a SluiceError: the code decides whether trying again can help. */
import { S3ServiceException } from '@aws-sdk/client-s3';
import { messageOf, SluiceError } from '#shared/errors.ts';
import type { ErrorCode } from '#shared/errors.ts';

/** Refusals that people can mend, and how. */
const remedies: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket: create it, or name another with --store',
  AccessDenied:
    'access is denied: these credentials need s3:GetObject, PutObject, DeleteObject and ListBucket',
  InvalidAccessKeyId: 'the access key is unknown there: check AWS_ACCESS_KEY_ID or the profile',
  SignatureDoesNotMatch: 'the secret key is wrong: check AWS_SECRET_ACCESS_KEY or the profile',
  ExpiredToken: 'the credentials have expired: renew them',
  RequestTimeTooSkewed: "this machine's clock is wrong: set it",
  PermanentRedirect: 'the bucket is in another region: name it with --s3-region',
  AuthorizationHeaderMalformed: 'the bucket is in another region: name it with --s3-region',
  CredentialsProviderError:
    "no credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE (the AWS SDK's chain)",
};

/** Whether the object (not the bucket) is missing. A HEAD has no body, so its 404 has no better name. */
export function isMissingObject(error: unknown): boolean {
  return error instanceof S3ServiceException && statusOf(error) === 404 && error.name !== 'NoSuchBucket';
}

/** Whether `If-Match` did not hold. */
export function isPreconditionFailed(error: unknown): boolean {
  return error instanceof S3ServiceException && statusOf(error) === 412;
}

/** `doing` says what was tried, for the message: `reading s3://bucket/key`. A SluiceError is passed on. */
export function toStoreError(error: unknown, doing: string): SluiceError {
  if (error instanceof SluiceError) return error;
  const name = error instanceof Error ? error.name : '';
  const detail = remedies[name] ?? describe(error);
  return new SluiceError(codeOf(error, name), `${doing}: ${detail}`, { cause: error });
}

function codeOf(error: unknown, name: string): ErrorCode {
  if (name in remedies) return 'STORE_REFUSED';
  const status = statusOf(error);
  // Not an answer: the connection failed or broke off. RequestTimeout is S3's 400 for a body that came too slowly.
  if (status === undefined || status === 429 || status >= 500 || name === 'RequestTimeout')
    return 'STORE_UNAVAILABLE';
  return status >= 300 ? 'STORE_REFUSED' : 'STORE_MISBEHAVED';
}

function statusOf(error: unknown): number | undefined {
  // The SDK adds `$metadata` also to errors of its own that it makes from an answer it cannot parse.
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

function describe(error: unknown): string {
  const status = statusOf(error);
  const text = messageOf(error) || (error instanceof Error ? error.name : 'unknown error');
  return status === undefined ? text : `${text} (${status})`;
}
