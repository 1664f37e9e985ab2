/** What the SDK throws, as a SluiceError: the code decides whether trying again can help. */
import { S3ServiceException } from '@aws-sdk/client-s3';
import { messageOf, SluiceError } from '#shared/errors.ts';
import type { ErrorCode } from '#shared/errors.ts';
import { throttledForMs } from './retry-after.ts';

/** Refusals that people can mend, and how. */
const remedies: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket: create it, or name another with --store',
  AccessDenied:
    'access is denied: these credentials need s3:GetObject, PutObject, DeleteObject and ListBucket',
  InvalidAccessKeyId: 'the access key is unknown there: check AWS_ACCESS_KEY_ID or the profile',
  SignatureDoesNotMatch: 'the secret key is wrong: check AWS_SECRET_ACCESS_KEY or the profile',
  ExpiredToken: 'the credentials have expired: renew them',
  TokenRefreshRequired: 'the credentials have expired: renew them',
  RequestTimeTooSkewed: "this machine's clock is wrong: set it",
  PermanentRedirect: 'the bucket is in another region: name it with --s3-region',
  AuthorizationHeaderMalformed: 'the bucket is in another region: name it with --s3-region',
  CredentialsProviderError:
    "no credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE (the AWS SDK's chain)",
};

/** What keeps an answer from coming, in words. */
const failures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it takes no connection',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'no name server answers',
  EHOSTUNREACH: 'there is no way to its host',
  ENETUNREACH: 'there is no way to its host',
  ETIMEDOUT: 'it does not answer',
};

/**
 * Whether the object (not the bucket) is missing. A HEAD has no body, so its 404 has no better name; and the bodies of
 * some gateways are pages for people, which have no name at all. The status is what counts, here and below.
 */
export function isMissingObject(error: unknown): boolean {
  return statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket';
}

/** Whether `If-Match` did not hold. */
export function isPreconditionFailed(error: unknown): boolean {
  return statusOf(error) === 412;
}

/** Whether a conditional write came too late: somebody else has written or removed the object, or is about to. */
export function isWriteLost(error: unknown): boolean {
  return isPreconditionFailed(error) || isMissingObject(error) || statusOf(error) === 409;
}

/** Whether the object ends before the range begins. */
export function isUnsatisfiable(error: unknown): boolean {
  return statusOf(error) === 416;
}

/** Refusals that new credentials, or the clock that the SDK corrects by the answer, may turn. */
const outdated: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'TokenRefreshRequired',
  'RequestTimeTooSkewed',
]);

export function isOutdated(error: unknown): boolean {
  return outdated.has(nameOf(error));
}

/** `doing` says what was tried, for the message: `reading s3://bucket/key`. A SluiceError is passed on. */
export function toStoreError(error: unknown, doing: string): SluiceError {
  if (error instanceof SluiceError) return error;
  const name = nameOf(error);
  const detail = remedies[name] ?? describe(error);
  const code = codeOf(error, name);
  const status = name === 'SlowDown' ? 503 : statusOf(error);
  const wait =
    code === 'STORE_UNAVAILABLE' ? throttledForMs(status, fieldOf(error, 'retry-after')) : undefined;
  return new SluiceError(code, `${doing}: ${detail}`, { cause: error, retryAfterMs: wait });
}

/** Whatever their status; RequestTimeout is S3's 400 for a body that came too slowly. */
const overloads: ReadonlySet<string> = new Set(['RequestTimeout', 'SlowDown']);

function codeOf(error: unknown, name: string): ErrorCode {
  if (name in remedies) return 'STORE_REFUSED';
  const status = statusOf(error);
  // Not an answer: the connection failed or broke off.
  if (status === undefined || status === 429 || status >= 500 || overloads.has(name))
    return 'STORE_UNAVAILABLE';
  return status >= 300 ? 'STORE_REFUSED' : 'STORE_MISBEHAVED';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function statusOf(error: unknown): number | undefined {
  // The SDK adds `$metadata` also to errors of its own that it makes from an answer it cannot parse.
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** A header field of the answer that an error was made of. */
function fieldOf(error: unknown, name: string): string | undefined {
  return (error as Partial<S3ServiceException> | undefined)?.$response?.headers[name];
}

function describe(error: unknown): string {
  const status = statusOf(error);
  if (status !== undefined && !(error instanceof S3ServiceException))
    return `status ${status} with something that is not from S3`;
  const failure = error instanceof Error && 'code' in error ? failures[String(error.code)] : undefined;
  if (status === undefined && failure !== undefined) return failure;
  const text = messageOf(error) || (error instanceof Error ? error.name : 'unknown error');
  return status === undefined ? text : `${text} (${status})`;
}
