import { describe, expect, it } from 'vitest';
import type { Job, Repositories } from '#shared/repository-model.ts';
import { describeRepositories } from './mirror-list.ts';

const now = Date.UTC(2026, 0, 1);
const name = 'https://a.b/c';
const rules = ['https://a.b/*'];
const common = {
  fetchUrl: name,
  rule: 'https://a.b/*',
  residency: { memoryBytes: 0, diskBytes: 0 },
  bundles: [],
};
const job: Job = {
  id: 7,
  kind: 'fetch',
  repository: name,
  state: 'running',
  phase: 'receiving',
  startedAt: 1,
};

const known: Repositories = {
  rules,
  repositories: [
    {
      ...common,
      name,
      mirror: { state: 'ready', head: 'b'.repeat(40), branch: 'main', fetchedAt: now - 192_000 },
      snapshot: { commit: 'a'.repeat(40), bytes: 3 * 1024 * 1024, etag: 'e', storedAt: 1, behind: 12 },
    },
    { ...common, name: `${name}/d`, mirror: { state: 'absent' } },
  ],
  jobs: [job, { ...job, id: 6, state: 'done' }],
};

describe('describeRepositories', () => {
  it('is a table of what there is, and the jobs that are under way', () => {
    expect(describeRepositories(known, now)).toBe(
      [
        'REPOSITORY       MIRROR  HEAD             FETCHED       SNAPSHOT    SIZE   BEHIND',
        'https://a.b/c    ready   main bbbbbbbbbb  3 m 12 s ago  aaaaaaaaaa  3 MiB  12',
        'https://a.b/c/d  absent  -                -             -           -      -',
        '',
        'job 7  fetch  https://a.b/c  receiving',
        '',
      ].join('\n'),
    );
  });

  it('says what is allowed when there is nothing', () => {
    expect(describeRepositories({ rules, repositories: [], jobs: [] }, now)).toBe(
      'no mirrors yet; allowed are https://a.b/*\n',
    );
    expect(describeRepositories({ rules: [], repositories: [], jobs: [] }, now)).toBe(
      'no repository is allowed: start the server with --repository https://HOST/PATH\n',
    );
  });
});
