/** From tokens to a tree. `or` binds weakest, then being beside each other, then `-`. */
import { fields, nearestKey } from './fields.ts';
import {
  quoted,
  tokenize,
  type FilterError,
  type Operator,
  type TestToken,
  type Token,
  type Value,
} from './tokens.ts';

interface Placed {
  readonly start: number;
  readonly end: number;
}

export type Node = Placed &
  (
    | { readonly kind: 'word'; readonly value: Value }
    | {
        readonly kind: 'test';
        readonly key: string;
        readonly operator: Operator;
        readonly values: readonly Value[];
      }
    | { readonly kind: 'not'; readonly part: Node }
    | { readonly kind: 'all' | 'any'; readonly parts: readonly Node[] }
  );

/** Parentheses and signs within each other. */
const maxDepth = 32;

/** `root` is absent when there is nothing to test. With errors the tree is of no use. */
export function parseNodes(text: string): {
  readonly root: Node | undefined;
  readonly errors: readonly FilterError[];
} {
  const { tokens, errors } = tokenize(text);
  const parser = new Parser(tokens, text.length);
  const root = parser.whole();
  return { root, errors: [...errors, ...parser.errors].toSorted((one, other) => one.start - other.start) };
}

class Parser {
  readonly errors: FilterError[] = [];
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens;
    this.#length = length;
  }

  whole(): Node | undefined {
    if (this.#tokens.length === 0) return undefined;
    const root = this.#any();
    for (let token = this.#peek(); token; token = this.#peek()) {
      this.#fail('nothing is open here: remove this parenthesis', token);
      this.#at += 1;
      if (this.#peek()) this.#any();
    }
    return root;
  }

  #any(): Node | undefined {
    const parts = [this.#all()];
    for (let token = this.#peek(); token?.kind === 'or'; token = this.#peek()) {
      this.#at += 1;
      const part = this.#all();
      if (!part || !parts.at(-1))
        this.#fail('"or" stands between two terms; the word itself needs quotes', token);
      parts.push(part);
    }
    return joined('any', parts);
  }

  #all(): Node | undefined {
    const parts: (Node | undefined)[] = [];
    for (let token = this.#peek(); token; token = this.#peek()) {
      if (token.kind === 'or' || token.kind === ')') break;
      if (token.kind === 'and') {
        this.#at += 1;
        const next = this.#peek();
        const isBetween = parts.length > 0 && next && !['and', 'or', ')'].includes(next.kind);
        if (!isBetween) this.#fail('"and" stands between two terms; the word itself needs quotes', token);
      } else {
        parts.push(this.#one());
      }
    }
    return joined('all', parts);
  }

  #one(): Node | undefined {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (!token) return undefined;
    if (token.kind === 'word') return token;
    if (token.kind === 'test') return this.#test(token);
    if (this.#depth >= maxDepth) {
      this.#fail(
        `at most ${maxDepth} parentheses and signs may be within each other: write it flatter`,
        token,
      );
      this.#at = this.#tokens.length;
      return undefined;
    }
    this.#depth += 1;
    const node = token.kind === '-' ? this.#not(token) : this.#group(token);
    this.#depth -= 1;
    return node;
  }

  #not(sign: Token): Node | undefined {
    const next = this.#peek();
    if (!next || next.start !== sign.end || next.kind === ')') {
      this.#fail('"-" stands right before what it excludes; the sign itself needs quotes', sign);
      return undefined;
    }
    if (next.kind === 'and' || next.kind === 'or') {
      this.#fail(`to exclude the word ${quoted(next.kind)}, put it in quotes`, next);
      this.#at += 1;
      return undefined;
    }
    const part = this.#one();
    return part && { kind: 'not', part, start: sign.start, end: part.end };
  }

  #group(open: Token): Node | undefined {
    const inner = this.#any();
    const close = this.#peek();
    if (close?.kind !== ')') {
      this.#fail('this parenthesis is not closed: end it with )', open);
      return inner;
    }
    this.#at += 1;
    if (!inner) this.#fail('these parentheses are empty: put a term in them', { ...open, end: close.end });
    return inner && { ...inner, start: open.start, end: close.end };
  }

  #test(token: TestToken): Node {
    const { key, operator, values } = token;
    const field = fields.get(key);
    if (!field) {
      this.#fail(unknownKey(token), { start: token.start, end: token.start + key.length });
    } else if (field.operators.includes(operator)) {
      for (const value of values) {
        const problem =
          value.text === '' && !value.isQuoted
            ? `a value is missing, as in ${field.example}`
            : field.check(operator, value);
        if (typeof problem === 'string')
          this.#fail(problem, value.start < value.end ? value : { start: token.start, end: token.end });
      }
    } else {
      this.#fail(`${key} is not compared with ${operator}: write ${field.example}`, token);
    }
    return token;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #fail(message: string, { start, end }: Placed): void {
    this.errors.push({ message, start: Math.min(start, this.#length), end: Math.min(end, this.#length) });
  }
}

function unknownKey({ key, operator, values }: TestToken): string {
  const meant = nearestKey(key);
  const text = `${key}${operator}${values.map((value) => value.text).join(',')}`;
  const remedy =
    meant === undefined ? `to look for the text, quote it: ${quoted(text)}` : `did you mean ${meant}?`;
  return `there is no key ${key}; ${remedy}`;
}

/** One part is itself; parts of the same kind that were not in parentheses stay apart. */
function joined(kind: 'all' | 'any', parts: readonly (Node | undefined)[]): Node | undefined {
  const present = parts.filter((part) => part !== undefined);
  const [first] = present;
  const last = present.at(-1);
  if (!first || !last || present.length === 1) return first;
  return { kind, parts: present, start: first.start, end: last.end };
}
