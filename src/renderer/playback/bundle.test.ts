import { describe, expect, it } from 'vitest';
import { openBundle } from './bundle.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A POSIX ustar archive. */
function archive(files: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const text = Object.entries(files).map(([name, content]) => {
    const octal = content.length.toString(8).padStart(11, '0');
    const head = `${name.padEnd(100, '\0')}${'0'.repeat(24)}${octal}\0`.padEnd(156, '\0');
    return `${`${head}0`.padEnd(257, '\0')}ustar`.padEnd(512, '\0') + padded(content);
  });
  return new Uint8Array(bytesOf(text.join('') + '\0'.repeat(1024)));
}

function padded(content: string): string {
  return content.padEnd(Math.ceil(content.length / 512) * 512, '\0');
}

async function blobOf(bytes: Uint8Array<ArrayBuffer>): Promise<Blob> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(stream).blob();
}

describe('an incident bundle', () => {
  it('is taken apart: its recording, its profiles, and what it says', async () => {
    const bundle = await openBundle(
      'incident.tar.gz',
      await blobOf(
        archive({
          'i/summary.html': '<p>',
          'i/recording.sluicerec': 'x'.repeat(1300),
          'i/notes.txt': 'it was the client\n',
          'i/redactions.txt': 'no secrets\nStill there: names\n',
          'i/profiles/heap.heapprofile': '{}',
          'i/empty.txt': '',
        }),
      ),
    );
    expect(await bundle.recording?.text()).toBe('x'.repeat(1300));
    expect(bundle.profiles.map(({ name }) => name)).toEqual(['profiles/heap.heapprofile']);
    expect(bundle).toMatchObject({
      notes: 'it was the client',
      redactions: ['no secrets', 'Still there: names'],
    });
    expect(bundle.files.map(({ name, bytes }) => [name, bytes])).toContainEqual([
      'recording.sluicerec',
      1300,
    ]);
  });

  it('that is none, or is cut off, is refused in a sentence', async () => {
    const whole = archive({ 'i/recording.sluicerec': 'x'.repeat(5000) });
    await expect(openBundle('b', await blobOf(whole.subarray(0, 2000)))).rejects.toThrow(
      'The bundle cannot be read: it is damaged, or cut off.',
    );
    await expect(openBundle('b', new Blob(['no gzip']))).rejects.toThrow('cannot be read');
    await expect(openBundle('b', await blobOf(new Uint8Array(512).fill(1)))).rejects.toThrow(
      'there is no archive in it',
    );
    const other = archive({ 'a/readme.txt': 'hello' });
    await expect(openBundle('other.tar.gz', await blobOf(other))).rejects.toThrow(
      'no incident bundle of Sluice',
    );
  });

  it('that says lengths which nobody can have is refused before anything is read', async () => {
    const bytes = archive({ 'i/recording.sluicerec': 'x' });
    bytes.set(bytesOf('77777777777'), 124);
    await expect(openBundle('b', await blobOf(bytes))).rejects.toThrow('no length that could be right');
  });
});
