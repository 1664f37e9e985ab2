import { describe, expect, it } from 'vitest';
import { readFolded } from './folded.ts';
import { readProfile } from './read.ts';
import { top } from './top.ts';

const flats = (text: string, type = 0) =>
  Object.fromEntries(top(readFolded(text), type).rows.map(({ name, flat }) => [name, flat]));

describe('folded stacks', () => {
  it('are read as perf, async-profiler, py-spy and inferno write them', () => {
    const text = [
      '# a comment',
      'java;java/lang/Thread.run_[j];__libc_write_[k] 12',
      'python;main (a b.py:3);f (<frozen x>:9) 3\r',
      '',
      'swapper;native_write_msr_[k] 1.5',
      'node;(anonymous) a.js:3\t2e+03',
      'awk;[unknown] 7   ',
    ].join('\n');
    expect(flats(text)).toMatchObject({
      '__libc_write_[k]': 12,
      'f (<frozen x>:9)': 3,
      'native_write_msr_[k]': 1.5,
      '(anonymous) a.js:3': 2000,
      '[unknown]': 7,
    });
  });

  it('of two files have both numbers: before and after', () => {
    const text = 'main;read;decode 10 25\nmain;read 5 0\n';
    expect(readFolded(text).sampleTypes.map(({ type }) => type)).toEqual(['samples before', 'samples after']);
    expect(flats(text, 0)).toMatchObject({ decode: 10, read: 5 });
    expect(flats(text, 1)).toMatchObject({ decode: 25, read: 0 });
  });

  it('have names that end in numbers, as long as not all of them do', () => {
    expect(flats('main;worker 1 5\nmain;read 2\n')).toMatchObject({ 'worker 1': 5, read: 2 });
  });

  it('are read with the marks that Windows puts before them', async () => {
    const bom = new TextEncoder().encode('\u{feff}main;read 1\r\n');
    const wide = new Uint8Array(
      Uint16Array.from('\u{feff}main;read 1\r\n', (letter) => letter.charCodeAt(0)).buffer,
    );
    for (const bytes of [bom, wide]) {
      const opened = await readProfile(bytes, 'a.folded');
      expect(opened.kind === 'profile' && opened.profile.functions.map(({ name }) => name)).toEqual([
        'main',
        'read',
      ]);
    }
  });
});
