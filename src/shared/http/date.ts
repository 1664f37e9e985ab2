/**
 * HTTP-date (RFC 9110, section 5.6.7): the one format that is written and the three that are read. Anything else is
 * `undefined`, so that the field which carries it is ignored. A day of the week must be one, but is not held
 * against the date: the date decides, and recipients are asked to be robust here.
 */

const days = 'Sun|Mon|Tue|Wed|Thu|Fri|Sat';
const longDays = 'Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday';
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const month = `(?<month>${months.join('|')})`;
const time = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';

/** `Sun, 06 Nov 1994 08:49:37 GMT` */
const imfFixdate = new RegExp(`^(?:${days}), (?<day>\\d\\d) ${month} (?<year>\\d{4}) ${time} GMT$`);
/** `Sunday, 06-Nov-94 08:49:37 GMT` */
const rfc850 = new RegExp(`^(?:${longDays}), (?<day>\\d\\d)-${month}-(?<year>\\d\\d) ${time} GMT$`);
/** `Sun Nov  6 08:49:37 1994` */
const asctime = new RegExp(`^(?:${days}) ${month} (?<day>\\d\\d| \\d) ${time} (?<year>\\d{4})$`);

/** `Sun, 06 Nov 1994 08:49:37 GMT`; a fraction of a second is cut off. */
export function formatHttpDate(date: Date): string {
  return date.toUTCString();
}

/**
 * The instant that `text` names, or `undefined` when it is not a valid HTTP-date.
 * @param now decides the century of RFC 850's two-digit year.
 */
export function parseHttpDate(text: string, now: Date): Date | undefined {
  const full = imfFixdate.exec(text) ?? asctime.exec(text);
  if (full) return toDate(full.groups ?? {}, Number(full.groups?.['year']));
  const short = rfc850.exec(text);
  return short ? withCentury(short.groups ?? {}, now) : undefined;
}

type Groups = Readonly<Record<string, string>>;

function toDate(groups: Groups, year: number): Date | undefined {
  const [day, hour, minute, second] = ['day', 'hour', 'minute', 'second'].map((name) => Number(groups[name]));
  if (!day || hour === undefined || minute === undefined || second === undefined) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, months.indexOf(groups['month'] ?? ''), day);
  if (date.getUTCDate() !== day) return undefined;
  date.setUTCHours(hour, minute, second);
  return date;
}

/** A date that appears to be more than 50 years ahead is the most recent past year with the same two digits. */
function withCentury(groups: Groups, now: Date): Date | undefined {
  const horizon = new Date(now);
  horizon.setUTCFullYear(horizon.getUTCFullYear() + 50);
  const century = Math.floor(horizon.getUTCFullYear() / 100) * 100;
  const date = toDate(groups, century + Number(groups['year']));
  return date && date <= horizon ? date : toDate(groups, century - 100 + Number(groups['year']));
}

/** Milliseconds since the epoch, cut to the whole second that HTTP can express. */
export function wholeSecond(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000;
}
