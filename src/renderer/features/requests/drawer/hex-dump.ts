/** Bytes as lines of sixteen: where they are, in hex, and as ASCII. */
export function hexDump(base64: string, maxBytes: number): readonly string[] {
  const bytes = Array.from(atob(base64).slice(0, maxBytes), (unit) => unit.charCodeAt(0));
  return Array.from({ length: Math.ceil(bytes.length / 16) }, (_, line) => {
    const part = bytes.slice(line * 16, line * 16 + 16);
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    return `${(line * 16).toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${ascii}`;
  });
}
