/** A tar archive as it is written (POSIX ustar): regular files with short names, owned by nobody. */

export interface TarFile {
  /** ASCII, at most 100 bytes, with `/` between. */
  readonly name: string;
  readonly bytes: number;
  /** Exactly so many bytes. */
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

const blockBytes = 512;

/** The archive of `files`. @throws Error when a file has more or fewer bytes than it said */
export async function* tarOf(
  files: AsyncIterable<TarFile> | Iterable<TarFile>,
  now: number,
): AsyncGenerator<Uint8Array> {
  for await (const { name, bytes, content } of files) {
    yield head(name, bytes, Math.floor(now / 1000));
    let written = 0;
    for await (const piece of content) {
      written += piece.length;
      yield piece;
    }
    if (written !== bytes) throw new Error(`${name} has ${written} bytes, and should have ${bytes}`);
    yield Buffer.alloc((blockBytes - (bytes % blockBytes)) % blockBytes);
  }
  yield Buffer.alloc(2 * blockBytes);
}

function head(name: string, bytes: number, seconds: number): Uint8Array {
  if (!/^[\w./-]{1,100}$/.test(name)) throw new Error(`${name} is no name for a file in an archive`);
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, at: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
  block.write(name, 0, 'latin1');
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes, 124, 12);
  octal(seconds, 136, 12);
  block.write('        ', 148, 'latin1');
  block.write('0', 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
