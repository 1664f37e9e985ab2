/**
 * How heavy the build may be, compressed. The first load is what a browser fetches before anybody has pressed anything:
 * the page's own script, the parts that the Live view loads at once, and what all of those import. e2e/weight.browser.spec.ts
 * holds this against what Chromium really fetches.
 */
const { readFileSync } = require('node:fs');

const manifest = JSON.parse(readFileSync('out/renderer/.vite/manifest.json', 'utf8'));

/** Loaded by the Live view without being asked for; apart from the page's script so that the first picture is sooner. */
const atOnce = [
  'features/requests/live-requests.tsx',
  'features/shell/first-run.tsx',
  'features/shell/demo-strip.tsx',
];

/** The scripts of these parts and of all that they import. */
function scriptsOf(parts) {
  const found = new Set();
  const add = (part) => {
    const { file, imports = [] } = manifest[part];
    if (found.has(file)) return;
    found.add(file);
    for (const each of imports) add(each);
  };
  for (const part of parts) add(part);
  return [...found].map((file) => `out/renderer/${file}`);
}

module.exports = [
  {
    name: 'console, script of the first load',
    path: scriptsOf(['index.html', ...atOnce]),
    limit: '220 kB',
    gzip: true,
  },
  { name: 'console, all script', path: 'out/renderer/assets/*.js', limit: '520 kB', gzip: true },
  { name: 'console, style', path: 'out/renderer/assets/*.css', limit: '46 kB', gzip: true },
  { name: 'server, desktop and command line', path: 'out/main/**/*.js', limit: '430 kB', gzip: true },
];
