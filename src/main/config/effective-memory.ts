/**
 * How much memory this process may use. A container's limit is a cgroup's, and it may be set on any of the groups
 * that the process is in, from its own up to the root; the least of them binds. What the runtime reports is the
 * limit of its own group at most.
 */
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

interface MemorySources {
  /** What the machine has. */
  readonly totalBytes: number;
  /** What the runtime knows of a limit; 0 when it cannot tell, and far more than the machine has for none. */
  readonly constrainedBytes: number;
  /** `undefined` where there is no such file, as anywhere but on Linux. */
  readonly readFile: (path: string) => string | undefined;
}

/** Where each version of cgroups keeps its limits. Version 2 has one hierarchy, and names no controllers. */
const versions = [
  { controller: '', folder: '/sys/fs/cgroup', file: 'memory.max' },
  { controller: 'memory', folder: '/sys/fs/cgroup/memory', file: 'memory.limit_in_bytes' },
] as const;

export interface EffectiveMemory {
  readonly bytes: number;
  /** A limit that was set on the process, or all that the machine has. */
  readonly source: 'cgroup' | 'machine';
}

/** What this process may use before the system refuses or kills it, and what says so. */
export function effectiveMemory(sources: MemorySources = thisProcess()): EffectiveMemory {
  const { totalBytes, constrainedBytes } = sources;
  const known = constrainedBytes > 0 ? [constrainedBytes] : [];
  const bytes = Math.min(totalBytes, ...known, ...cgroupLimits(sources));
  return { bytes, source: bytes < totalBytes ? 'cgroup' : 'machine' };
}

/** Bytes that this process may use before the system refuses or kills it. */
export function effectiveMemoryBytes(sources: MemorySources = thisProcess()): number {
  return effectiveMemory(sources).bytes;
}

function cgroupLimits({ readFile }: MemorySources): readonly number[] {
  return limitFiles(readFile('/proc/self/cgroup') ?? '').flatMap((path) => {
    const text = readFile(path)?.trim() ?? '';
    // No limit is `max` in version 2, and a number beyond all memory or -1 in version 1.
    return /^\d+$/.test(text) ? [Number(text)] : [];
  });
}

/** The files of every group that the process is in. `membership` has lines of `ID:CONTROLLERS:PATH` (cgroups(7)). */
function limitFiles(membership: string): readonly string[] {
  return membership.split('\n').flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    const version = versions.find(({ controller }) => controllers?.split(',').includes(controller));
    if (!version || path === undefined) return [];
    return withAncestors(path).map((group) => `${version.folder}${group}/${version.file}`);
  });
}

/**
 * `''`, `/a` and `/a/b` for `/a/b`. In a container only some of them exist: often what is mounted is the process's
 * own group, and its path is the one outside. A path through `..` leads out of what is mounted: none then.
 */
function withAncestors(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '');
  if (names.includes('..')) return [];
  return ['', ...names].map((_, depth) =>
    names
      .slice(0, depth)
      .map((name) => `/${name}`)
      .join(''),
  );
}

function thisProcess(): MemorySources {
  return {
    totalBytes: totalmem(),
    constrainedBytes: process.constrainedMemory(),
    readFile: (path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    },
  };
}
