/**
 * Sluice's flags in Electron's command line. A packaged application is `sluice FLAGS…`; in development it is
 * `electron SWITCHES… FOLDER FLAGS…`, where the switches are Chromium's and Electron's own.
 */
export function flagsOf(
  commandLine: readonly string[],
  packaging: 'packaged' | 'unpackaged',
): readonly string[] {
  const [, ...rest] = commandLine;
  if (packaging === 'packaged') return rest;
  const folder = rest.findIndex((argument) => !argument.startsWith('-'));
  return folder < 0 ? [] : rest.slice(folder + 1);
}
