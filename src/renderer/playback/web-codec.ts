/** The recording format's surroundings in a page: streams that decompress, and pieces of files. */
import type { ByteSource, RecordingCodec } from '#shared/recording/codec.ts';

export const webCodec: RecordingCodec = {
  compress: () => Promise.reject(new Error('a page records nothing')),
  decompress: async (payload, maxBytes) => {
    const stream = new Blob([new Uint8Array(payload)])
      .stream()
      .pipeThrough(new DecompressionStream('deflate-raw'));
    return textOf(stream, maxBytes);
  },
};

/** A file that somebody has chosen or dropped. Only what is asked for is read. */
export function sourceOf(file: Blob): ByteSource {
  return {
    length: file.size,
    read: async (start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer()),
  };
}

/** @throws RangeError for more than `maxBytes` */
async function textOf(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let text = '';
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.length;
    if (bytes > maxBytes) {
      await reader.cancel();
      throw new RangeError(`more than ${maxBytes} bytes come out`);
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}
