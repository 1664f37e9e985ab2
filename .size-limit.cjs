/**
 * How heavy the build may be, compressed. The first load is what the page names itself: the rest of the console comes
 * when somebody goes to a view.
 */
const { existsSync, readFileSync } = require('node:fs');

const page = 'out/renderer/index.html';
const html = existsSync(page) ? readFileSync(page, 'utf8') : '';
const firstLoad = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(
  ([, file]) => `out/renderer/${file}`,
);

module.exports = [
  { name: 'console, script of the first load', path: firstLoad, limit: '220 kB', gzip: true },
  { name: 'console, all script', path: 'out/renderer/assets/*.js', limit: '440 kB', gzip: true },
  { name: 'console, style', path: 'out/renderer/assets/*.css', limit: '34 kB', gzip: true },
  { name: 'server, desktop and command line', path: 'out/main/**/*.js', limit: '340 kB', gzip: true },
];
