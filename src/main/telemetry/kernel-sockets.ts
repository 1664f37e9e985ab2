/**
 * What TCP sockets hold in the kernel: bytes that were sent to clients that do not read them, or received and not yet
 * taken. They are in no figure of the process, but a container's limit counts them.
 */
import { readFileSync } from 'node:fs';

/**
 * Pages of memory that all TCP sockets of the machine hold, version 6 of the protocol included. `undefined` where
 * the system does not say, as anywhere but on Linux.
 */
export function kernelTcpPages(read: () => string = readSockstat): number | undefined {
  let text: string;
  try {
    text = read();
  } catch {
    return undefined;
  }
  // proc(5): `TCP: inuse 5 orphan 0 tw 0 alloc 7 mem 1`, in pages.
  const pages = /^TCP:.* mem (\d+)\b/m.exec(text)?.[1];
  return pages === undefined ? undefined : Number(pages);
}

function readSockstat(): string {
  return readFileSync('/proc/net/sockstat', 'utf8');
}
