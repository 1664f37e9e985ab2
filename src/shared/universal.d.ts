/** What every runtime has, and neither the language's own library nor this folder's settings declare. */
declare class TextDecoder {
  constructor(encoding?: 'utf-16le');
  decode(bytes: Uint8Array): string;
}
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
