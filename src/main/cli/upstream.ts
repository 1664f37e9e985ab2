/** A repository on the command line: always by the URL that it has for its users. */
import { parseUpstream } from '#main/client/server.ts';
import type { Repository } from '#main/http/names.ts';
import { isSluiceError } from '#shared/errors.ts';

export const allowedUpstream = 'https://HOST/PATH, like https://github.com/block/cachew';

/** The repository that `text` names, if it names one. */
export function upstream(text: string): Repository | undefined {
  try {
    return parseUpstream(text, 'URL');
  } catch (error) {
    if (isSluiceError(error, 'INVALID_INPUT')) return undefined;
    throw error;
  }
}
