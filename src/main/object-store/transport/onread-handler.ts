/**
 * The SDK's request handler, with a fast way for the one request that carries the load: a GET of a range. Its body
 * can go straight into the caller's memory (AnswerBody.readInto). All other requests, and signing, retries and what
 * answers mean, stay with the SDK.
 */
import type { S3Client } from '@aws-sdk/client-s3';
import { ConnectionPool } from './connection-pool.ts';
import type { ConnectionPoolOptions } from './connection-pool.ts';
import { isRangedGet, originOf, requestHead } from './request-head.ts';

type RequestHandler = S3Client['config']['requestHandler'];

/** Makes `client` read ranges this way; `trust` is for servers whose certificates Node does not know. */
export function useOnread(client: S3Client, options: ConnectionPoolOptions = {}): void {
  const sdk = client.config.requestHandler;
  const pool = new ConnectionPool(options);
  const handle: RequestHandler['handle'] = async (request, options = {}) => {
    if (!isRangedGet(request)) return sdk.handle(request, options);
    const signal = 'abortSignal' in options ? options.abortSignal : undefined;
    const { head, body } = await pool.exchange(originOf(request), requestHead(request), nativeSignal(signal));
    const { status: statusCode, reason, headers } = head;
    return { response: { statusCode, reason, headers, body } };
  };
  const destroy = () => {
    pool.destroy();
    sdk.destroy?.();
  };
  client.config.requestHandler = { ...(sdk.metadata && { metadata: sdk.metadata }), handle, destroy };
}

/** The SDK also has signals of its own, from before there were native ones; nobody here uses them. */
function nativeSignal(signal: unknown): AbortSignal | undefined {
  return signal instanceof AbortSignal ? signal : undefined;
}
