/** A request as a line for a shell. */

/** A word for a POSIX shell, quoted where it has to be: nothing in it is expanded. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

export interface CurledRequest {
  readonly url: string;
  readonly method: string;
  readonly fields: readonly (readonly [string, string])[];
}

/** `curl -i -H 'Range: bytes=0-99' http://…`: shows the fields, and the body goes nowhere. */
export function curlLine({ url, method, fields }: CurledRequest): string {
  const how = method === 'GET' ? [] : method === 'HEAD' ? ['-I'] : ['-X', shellWord(method)];
  const show = method === 'HEAD' ? [] : ['-D', '-', '-o', '/dev/null'];
  // curl drops a field without a value, unless a semicolon says that it is meant.
  const headers = fields.flatMap(([name, value]) => [
    '-H',
    shellWord(value === '' ? `${name};` : `${name}: ${value}`),
  ]);
  // Brackets and braces in a URL mean a list to curl.
  const literal = /[[\]{}]/.test(url) ? ['-g'] : [];
  return ['curl', '-sS', ...literal, ...how, ...show, ...headers, shellWord(url)].join(' ');
}
