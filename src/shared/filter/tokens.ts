/** The filter language cut into tokens. Every text has tokens; what is wrong with one is an error beside it. */

/** Something that is wrong: a sentence with the remedy, and where it is in the text (half-open). */
export interface FilterError {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export const operators = [':', '>=', '<=', '>', '<', '='] as const;
export type Operator = (typeof operators)[number];

export interface Value {
  readonly text: string;
  /** In quotes nothing has a meaning of its own, wildcards neither. */
  readonly isQuoted: boolean;
  readonly start: number;
  readonly end: number;
}

interface WordToken {
  readonly kind: 'word';
  readonly value: Value;
  readonly start: number;
  readonly end: number;
}

export interface TestToken {
  readonly kind: 'test';
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly Value[];
  readonly start: number;
  readonly end: number;
}

interface MarkToken {
  readonly kind: '(' | ')' | '-' | 'and' | 'or';
  readonly start: number;
  readonly end: number;
}

export type Token = WordToken | TestToken | MarkToken;

const keyPattern = /([a-z][a-z-]*)(:?(?:>=|<=|>|<|=)|:)/iy;
const blank = /\s/;
/** What ends a bare piece everywhere; in the values of a key, commas and bars do, too. */
const wordEnds = /[\s()"]/;
const valueEnds = /[\s()",|]/;

/** Whether `text` can be written without quotes as a value, or as a word of its own. */
export function isBare(text: string): boolean {
  return (
    text !== '' &&
    !/[\s()",|]/.test(text) &&
    !/^[-<>=]/.test(text) &&
    !/^(?:and|or)$/i.test(text) &&
    !/^[a-z][a-z-]*[:<>=]/i.test(text)
  );
}

/** `text` in quotes. */
export function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, (sign) => `\\${sign}`)}"`;
}

export function tokenize(text: string): {
  readonly tokens: readonly Token[];
  readonly errors: readonly FilterError[];
} {
  const errors: FilterError[] = [];
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text[at] ?? '';
    if (blank.test(sign)) {
      at += 1;
      continue;
    }
    const token =
      sign === '(' || sign === ')' || sign === '-' ? mark(sign, at) : wordOrTest(text, at, errors);
    tokens.push(token);
    at = token.end;
  }
  return { tokens, errors };
}

function mark(kind: '(' | ')' | '-', start: number): MarkToken {
  return { kind, start, end: start + 1 };
}

function wordOrTest(text: string, start: number, errors: FilterError[]): Token {
  keyPattern.lastIndex = start;
  const match = keyPattern.exec(text);
  if (match) {
    const [whole, key = '', operator = ':'] = match;
    const values = readValues(text, start + whole.length, errors);
    const end = values.at(-1)?.end ?? start + whole.length;
    return { kind: 'test', key: key.toLowerCase(), operator: operatorOf(operator), values, start, end };
  }
  const value = readValue(text, start, wordEnds, errors);
  const joins = value.isQuoted ? undefined : /^(?:and|or)$/i.exec(value.text)?.[0].toLowerCase();
  if (joins === 'and' || joins === 'or') return { kind: joins, start, end: value.end };
  return { kind: 'word', value, start, end: value.end };
}

/** `bytes:>1MB` is `bytes>1MB`. */
function operatorOf(text: string): Operator {
  const bare = text.length > 1 && text.startsWith(':') ? text.slice(1) : text;
  return operators.find((operator) => operator === bare) ?? ':';
}

function readValues(text: string, start: number, errors: FilterError[]): readonly Value[] {
  const values = [readValue(text, start, valueEnds, errors)];
  for (let at = values[0]?.end ?? start; /[,|]/.test(text[at] ?? '');) {
    const value = readValue(text, at + 1, valueEnds, errors);
    values.push(value);
    at = value.end;
  }
  return values;
}

/** Bare and quoted pieces without a gap are one value. */
function readValue(text: string, start: number, ends: RegExp, errors: FilterError[]): Value {
  let at = start;
  let read = '';
  let isQuoted = false;
  while (at < text.length) {
    if (text[at] === '"') {
      const piece = readQuoted(text, at, errors);
      isQuoted = true;
      read += piece.text;
      at = piece.end;
    } else if (ends.test(text[at] ?? '')) {
      break;
    } else {
      read += text[at];
      at += 1;
    }
  }
  return { text: read, isQuoted, start, end: at };
}

function readQuoted(
  text: string,
  start: number,
  errors: FilterError[],
): { readonly text: string; readonly end: number } {
  let read = '';
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '"') return { text: read, end: at + 1 };
    if (text[at] === '\\' && at + 1 < text.length) at += 1;
    read += text[at];
  }
  errors.push({ message: 'this quote is not closed: end it with "', start, end: text.length });
  return { text: read, end: text.length };
}
