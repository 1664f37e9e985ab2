import { describe, expect, it } from 'vitest';
import { declaration } from './library-types.ts';

describe('the declarations of the library', () => {
  it('import each other in a way that holds in an installed package', () => {
    const source = [
      `export { restore } from '#main/client/restore.ts';`,
      `import type { ErrorCode } from "#shared/errors.ts";`,
      `export type { Other } from './client/other.ts';`,
      `export declare const later: import('../shared/units.ts').Unit;`,
      `import type { Readable } from 'node:stream';`,
    ].join('\n');
    expect(declaration('main/library', source)).toEqual({
      text: [
        `export { restore } from './client/restore.js';`,
        `import type { ErrorCode } from "../shared/errors.js";`,
        `export type { Other } from './client/other.js';`,
        `export declare const later: import('../shared/units.js').Unit;`,
        `import type { Readable } from 'node:stream';`,
      ].join('\n'),
      imports: ['main/client/restore', 'shared/errors', 'main/client/other', 'shared/units'],
    });
  });
});
