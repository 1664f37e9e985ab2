/** Tells files apart by what is in them: for addresses, not for trust. */

const wordBytes = 4;

/** 64 bits of the bytes, as 16 hexadecimal digits: the same bytes have the same, wherever they are read. */
export function fingerprintOf(bytes: Uint8Array): string {
  const count = bytes.length >>> 2;
  const isAligned = bytes.byteOffset % wordBytes === 0;
  const whole = isAligned ? bytes : bytes.slice(0, count * wordBytes);
  const words = new Uint32Array(whole.buffer, whole.byteOffset, count);
  let [a, b] = [0x243f6a88, 0x85a308d3];
  const take = (word: number): void => {
    a = Math.imul(a ^ Math.imul(word, 0xcc9e2d51), 0x1b873593);
    a ^= a >>> 15;
    b = Math.imul(b ^ Math.imul(word, 0x2545f491), 0x9e3779b1);
    b ^= b >>> 13;
  };
  for (let at = 0; at < count; at += 1) take(words[at] ?? 0);
  for (let at = count * wordBytes; at < bytes.length; at += 1) take(bytes[at] ?? 0);
  take(bytes.length);
  return hex(finished(a ^ (b >>> 16))) + hex(finished(b ^ (a >>> 16)));
}

/** Every bit counts for every other (the finalizer of MurmurHash3). */
function finished(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
