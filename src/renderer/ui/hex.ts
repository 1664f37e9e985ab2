/** Bytes as hexadecimal digits and characters, sixteen a line. */

const perLine = 16;

export interface HexLine {
  /** Of its first byte in the body. */
  readonly offset: string;
  readonly digits: string;
  /** What can be shown of it in ASCII; a dot for the rest. */
  readonly text: string;
}

export function hexLines(bytes: Uint8Array): readonly HexLine[] {
  return Array.from({ length: Math.ceil(bytes.length / perLine) }, (_, line) => {
    const row = [...bytes.subarray(line * perLine, (line + 1) * perLine)];
    const digits = row.map((byte) => byte.toString(16).padStart(2, '0'));
    const halves = [digits.slice(0, 8), digits.slice(8)].map((half) => half.join(' '));
    return {
      offset: (line * perLine).toString(16).padStart(4, '0'),
      digits: halves.join('  ').padEnd(perLine * 3),
      text: row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCodePoint(byte) : '.')).join(''),
    };
  });
}

export function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.codePointAt(0) ?? 0);
}
