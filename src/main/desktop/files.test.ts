import { describe, expect, it } from 'vitest';
import { fileIn } from './files.ts';

describe('a file in a command line', () => {
  it.each([
    [['sluice', 'night.sluicerec'], '/home/me/night.sluicerec', ['sluice']],
    [
      ['electron', '.', '--port', '0', '/tmp/incident.tar.gz'],
      '/tmp/incident.tar.gz',
      ['electron', '.', '--port', '0'],
    ],
    [['sluice', 'Heap.PB.GZ'], '/home/me/Heap.PB.GZ', ['sluice']],
  ])('%j', (commandLine, file, rest) => {
    expect(fileIn(commandLine, '/home/me')).toEqual({ file, rest });
  });

  it.each([
    [['sluice']],
    [['sluice', '--port', '0']],
    [['sluice', '--config=x.tar.gz']],
    [['a.sluicerec']],
    [[]],
  ])('is not in %j', (commandLine: string[]) => {
    expect(fileIn(commandLine, '/home/me')).toEqual({ file: undefined, rest: commandLine });
  });
});
