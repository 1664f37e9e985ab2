const words: Readonly<Record<number, string>> = {
  101: 'Switched',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No content',
  206: 'Partial',
  301: 'Moved',
  302: 'Found',
  304: 'Not modified',
  307: 'Redirect',
  308: 'Redirect',
  400: 'Bad request',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Bad method',
  408: 'Timed out',
  411: 'No length',
  412: 'Precondition',
  413: 'Too large',
  414: 'URL too long',
  416: 'Unsatisfiable',
  431: 'Large header',
  499: 'Aborted',
  500: 'Failed',
  502: 'Store failed',
  503: 'Busy',
  504: 'Store stalled',
};

/** One or two words for a status; the class of it where there are none. */
export function statusWord(status: number): string {
  return words[status] ?? ['', 'Info', 'OK', 'Redirect', 'Refused', 'Failed'][Math.floor(status / 100)] ?? '';
}
