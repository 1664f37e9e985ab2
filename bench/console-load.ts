/** Small ranges of one object at a fixed rate, over a few connections that are kept: `RATE` a second, until ended. */
import { Agent, get } from 'node:http';

const [url = ''] = process.argv.slice(2);
const rate = Number(process.env['RATE'] ?? '1000');
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const tickMs = 10;

const startedAt = performance.now();
let sent = 0;
setInterval(() => {
  // What the clock says is due: a late tick makes up for itself.
  const due = Math.floor(((performance.now() - startedAt) / 1000) * rate);
  for (; sent < due; sent += 1) ask(sent);
}, tickMs);

function ask(number: number): void {
  const start = (number * 4096) % (8 * 2 ** 20);
  const range = number % 50 === 0 ? 'bytes=99999999-' : `bytes=${start}-${start + 1023}`;
  get(url, { agent, headers: { range } }, (answer) => answer.resume()).on('error', () => undefined);
}
