/** Times, commits and words of HTTP, as the console writes them. Sizes and durations: #shared/units.ts. */

/** `14:03:22.418`, in the viewer's time zone. */
export function formatClock(at: number): string {
  const date = new Date(at);
  return `${formatTime(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** `14:03:22`. */
export function formatTime(at: number | Date): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** `2026-11-22 14:03:22`. */
export function formatDateTime(at: number): string {
  const date = new Date(at);
  const day = [date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${date.getFullYear()}-${day.join('-')} ${formatTime(date)}`;
}

const ageUnits = [
  { word: 'd', seconds: 86_400 },
  { word: 'h', seconds: 3600 },
  { word: 'm', seconds: 60 },
] as const;

/** `just now`, `40 s ago`, `12 m ago`, `3 h ago`, `9 d ago`: whole units, for what is read at a glance. */
export function formatAge(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 5) return 'just now';
  const unit = ageUnits.find((each) => seconds >= each.seconds);
  return unit ? `${Math.floor(seconds / unit.seconds)} ${unit.word} ago` : `${seconds} s ago`;
}

/** The first eight digits of a commit, as git abbreviates one. */
export function formatCommit(commit: string): string {
  return commit.slice(0, 8);
}

/** `80 %`. */
export function formatShare(part: number, whole: number): string {
  return `${whole > 0 ? Math.round((part / whole) * 100) : 0} %`;
}

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
