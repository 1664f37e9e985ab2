/** Load from programs that cost little themselves: curl for one answer, wrk for many. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './processes.ts';

export interface CurlTimes {
  readonly seconds: number;
  readonly firstByteSeconds: number;
}

/** How long curl takes for the whole object. @throws when it gets another number of bytes */
export async function timeCurl(args: readonly string[], expectedBytes: number): Promise<CurlTimes> {
  const format = '%{time_total} %{time_starttransfer} %{size_download}';
  const output = await run('curl', ['-sf', '-o', '/dev/null', '-w', format, ...args]);
  const [seconds = Number.NaN, firstByteSeconds = Number.NaN, bytes] = output.split(' ').map(Number);
  if (bytes !== expectedBytes) throw new Error(`curl got ${bytes} of ${expectedBytes} bytes`);
  return { seconds, firstByteSeconds };
}

/** Requests for aligned ranges at random places of one object. */
export function randomRanges(objectBytes: number, rangeBytes: number): string {
  return `request = function()
  local start = math.random(0, ${Math.floor(objectBytes / rangeBytes) - 1}) * ${rangeBytes}
  wrk.headers["Range"] = "bytes=" .. start .. "-" .. (start + ${rangeBytes} - 1)
  return wrk.format("GET")
end
`;
}

/** Requests for one whole object after the other, and round again. */
export function wholeObjects(paths: readonly string[]): string {
  return `local paths = { ${paths.map((path) => JSON.stringify(path)).join(', ')} }
local at = 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
`;
}

export interface Load {
  readonly url: string;
  /** Lua that defines `request`. */
  readonly script: string;
  /** Where the script may be written. */
  readonly folder: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadFigures {
  readonly requestsPerSecond: number;
  /** Everything received, answers that were cut off by the end of the run included. */
  readonly bytesPerSecond: number;
}

const report = `done = function(summary)
  local e = summary.errors
  local errors = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("\\nFIGURES %d %d %d %d\\n", summary.duration, summary.requests, summary.bytes, errors))
end
`;

/** Keeps `connections` requests under way. @throws when a request fails */
export async function wrk({ url, script, folder, connections, seconds }: Load): Promise<LoadFigures> {
  const path = join(folder, 'load.lua');
  await writeFile(path, script + report);
  const flags = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '60s', '-s', path];
  const output = await run('wrk', [...flags, url]);
  const figures = /^FIGURES (\d+) (\d+) (\d+) (\d+)$/m.exec(output)?.slice(1).map(Number);
  const [microseconds = Number.NaN, requests = 0, bytes = 0, errors = 1] = figures ?? [];
  if (errors > 0) throw new Error(`errors under load:\n${output}`);
  return { requestsPerSecond: (requests / microseconds) * 1e6, bytesPerSecond: (bytes / microseconds) * 1e6 };
}
