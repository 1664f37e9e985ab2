import { describe, expect, it } from 'vitest';
import { flagsOf } from './arguments.ts';

describe('flagsOf', () => {
  it.each([
    { packaging: 'packaged', line: ['/opt/sluice', '--port', '0'], flags: ['--port', '0'] },
    { packaging: 'unpackaged', line: ['electron', '.', '--port', '0'], flags: ['--port', '0'] },
    {
      packaging: 'unpackaged',
      line: ['electron', '--no-sandbox', '/app', '--no-demo'],
      flags: ['--no-demo'],
    },
    {
      packaging: 'unpackaged',
      line: ['electron', '/app', '--data-dir', '/data'],
      flags: ['--data-dir', '/data'],
    },
    { packaging: 'unpackaged', line: ['electron', '.'], flags: [] },
    { packaging: 'unpackaged', line: ['electron', '--version'], flags: [] },
  ] as const)('$packaging $line gives $flags', ({ packaging, line, flags }) => {
    expect(flagsOf(line, packaging)).toEqual(flags);
  });
});
