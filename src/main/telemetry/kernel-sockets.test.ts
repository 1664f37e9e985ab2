import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernelTcpPages } from './kernel-sockets.ts';

const sockstat = `sockets: used 214
TCP: inuse 61 orphan 0 tw 12 alloc 64 mem 51877
UDP: inuse 2 mem 7
UDPLITE: inuse 0
RAW: inuse 0
FRAG: inuse 0 memory 0
`;

describe('kernelTcpPages', () => {
  it('is the mem of the line of TCP', () => {
    expect(kernelTcpPages(() => sockstat)).toBe(51_877);
  });

  it('is a 0 that was reported', () => {
    expect(kernelTcpPages(() => sockstat.replace('51877', '0'))).toBe(0);
  });

  it.each([
    '',
    'sockets: used 3\n',
    'TCP: inuse 4 orphan 0 tw 0 alloc 4\nUDP: inuse 2 mem 7\n',
    'TCP: mem ?',
  ])('is nothing, not 0, where %j is all that there is', (text) => {
    expect(kernelTcpPages(() => text)).toBeUndefined();
  });

  it('is nothing where there is no such file', () => {
    const missing = () => {
      throw new Error('ENOENT: no such file or directory');
    };
    expect(kernelTcpPages(missing)).toBeUndefined();
  });

  it('reads this machine', () => {
    expect(kernelTcpPages() !== undefined).toBe(existsSync('/proc/net/sockstat'));
  });
});
