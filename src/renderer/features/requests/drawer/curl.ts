/** A request as a line for a shell: what is pasted asks the same. */
import { curlLine } from '#shared/curl.ts';
import type { RequestDetail } from '#shared/request-model.ts';

/** What curl says by itself, or what belongs to one connection only. */
const leftOut =
  /^(host|user-agent|accept|connection|content-length|transfer-encoding|upgrade|keep-alive|te|trailer|proxy-.*)$/i;

/** What stands where a secret was: the server does not keep those. */
export const redacted = 'redacted';

export interface Repeatable extends Pick<RequestDetail, 'url' | 'requestHeaders'> {
  readonly row: Pick<RequestDetail['row'], 'method'>;
}

/** Without fields that had secrets. `server` is where this console reaches the server. */
export function curlOf({ row: { method }, url, requestHeaders }: Repeatable, server: string): string {
  const fields = requestHeaders.filter(([name, value]) => !leftOut.test(name) && value !== redacted);
  return curlLine({ url: `${server.replace(/\/$/, '')}${url}`, method, fields });
}
