import { describe, expect, it } from 'vitest';
import { GiB, MiB } from '#shared/units.ts';
import { effectiveMemory, effectiveMemoryBytes } from './effective-memory.ts';

const effective = (files: Readonly<Record<string, string>>, constrainedBytes = 0) =>
  effectiveMemoryBytes({
    totalBytes: 8 * GiB,
    constrainedBytes,
    readFile: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
  });

const v1Unlimited = '9223372036854771712\n';
const v1Membership = '12:cpu,cpuacct:/docker/0a\n4:hugetlb,memory:/docker/0a\n1:name=systemd:/docker/0a\n';

describe('effectiveMemory', () => {
  it('says whether a limit was set, or the machine has no more', () => {
    const sources = { totalBytes: 8 * GiB, constrainedBytes: 0, readFile: () => undefined };
    expect(effectiveMemory(sources)).toEqual({ bytes: 8 * GiB, source: 'machine' });
    expect(effectiveMemory({ ...sources, constrainedBytes: GiB })).toEqual({ bytes: GiB, source: 'cgroup' });
  });
});

describe('effectiveMemoryBytes', () => {
  it("takes the process's own limit (version 2)", () => {
    const files = {
      '/proc/self/cgroup': '0::/system.slice/sluice.service\n',
      '/sys/fs/cgroup/system.slice/memory.max': 'max\n',
      '/sys/fs/cgroup/system.slice/sluice.service/memory.max': '1073741824\n',
    };
    expect(effective(files)).toBe(GiB);
  });

  it('takes the least of all groups above it (version 2)', () => {
    const files = {
      '/proc/self/cgroup': '0::/kubepods/pod1/app\n',
      '/sys/fs/cgroup/kubepods/memory.max': '4294967296\n',
      '/sys/fs/cgroup/kubepods/pod1/memory.max': '536870912\n',
      '/sys/fs/cgroup/kubepods/pod1/app/memory.max': 'max\n',
    };
    expect(effective(files)).toBe(512 * MiB);
  });

  it('finds the limit at the root that a container sees (version 2)', () => {
    const files = { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': '268435456\n' };
    expect(effective(files)).toBe(256 * MiB);
  });

  it('takes the least of all groups above it (version 1)', () => {
    const files = {
      '/proc/self/cgroup': v1Membership,
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': v1Unlimited,
      '/sys/fs/cgroup/memory/docker/memory.limit_in_bytes': '2147483648\n',
      '/sys/fs/cgroup/memory/docker/0a/memory.limit_in_bytes': v1Unlimited,
    };
    expect(effective(files)).toBe(2 * GiB);
  });

  it('finds the limit of a container that knows its path outside only (version 1)', () => {
    const files = {
      '/proc/self/cgroup': v1Membership,
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '1073741824\n',
    };
    expect(effective(files)).toBe(GiB);
  });

  it('reads both versions where both are mounted', () => {
    const files = {
      '/proc/self/cgroup': '4:memory:/a\n0::/b\n',
      '/sys/fs/cgroup/memory/a/memory.limit_in_bytes': '3221225472\n',
      '/sys/fs/cgroup/b/memory.max': '2147483648\n',
    };
    expect(effective(files)).toBe(2 * GiB);
  });

  it.each(['max\n', '-1\n', '', v1Unlimited])('takes the whole machine when a group says %j', (limit) => {
    const files = {
      '/proc/self/cgroup': '4:memory:/a\n0::/a\n',
      '/sys/fs/cgroup/memory/a/memory.limit_in_bytes': limit,
      '/sys/fs/cgroup/a/memory.max': limit,
    };
    expect(effective(files)).toBe(8 * GiB);
  });

  it('never leaves the folder of the groups', () => {
    const files = {
      '/proc/self/cgroup': '0::/../../other\nnot a line\n',
      '/sys/fs/cgroup/other/memory.max': '1\n',
      '/sys/fs/cgroup/../../other/memory.max': '1\n',
    };
    expect(effective(files)).toBe(8 * GiB);
  });

  it('takes what the runtime says, if it says anything', () => {
    expect(effective({}, 1 * GiB)).toBe(GiB);
    expect(effective({}, 2 ** 64)).toBe(8 * GiB);
    expect(effective({}, 0)).toBe(8 * GiB);
  });

  it('is something on this machine', () => {
    expect(effectiveMemoryBytes()).toBeGreaterThan(0);
    expect(Number.isFinite(effectiveMemoryBytes())).toBe(true);
  });
});
