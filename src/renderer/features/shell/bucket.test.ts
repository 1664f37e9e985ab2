import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isComplete, problemOf, serveCommand } from './bucket.ts';

const bucket = { store: 's3://team-bucket', s3Endpoint: '', s3Region: '', s3PathStyle: false };

describe('the command for a bucket', () => {
  it('has only what was given', () => {
    expect(serveCommand(bucket)).toBe('sluice serve --store s3://team-bucket');
    expect(
      serveCommand({
        ...bucket,
        s3Endpoint: 'http://127.0.0.1:9000',
        s3Region: 'eu-central-1',
        s3PathStyle: true,
      }),
    ).toBe(
      'sluice serve --store s3://team-bucket --s3-endpoint http://127.0.0.1:9000 --s3-region eu-central-1 --s3-path-style',
    );
  });

  it('is one shell word for each value, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const command = serveCommand({ ...bucket, store: `s3://b/${text}` });
        const [, word = ''] = /^sluice serve --store (.*)$/s.exec(command) ?? [];
        const unquoted = word.startsWith("'") ? word.slice(1, -1).replaceAll(`'\\''`, "'") : word;
        expect(unquoted).toBe(`s3://b/${text}`);
        expect(word.startsWith("'") || /^[\w@%+=:,./-]+$/.test(word)).toBe(true);
      }),
    );
  });

  it('is offered when the settings would take every value', () => {
    expect(isComplete(bucket)).toBe(true);
    expect(isComplete({ ...bucket, store: '' })).toBe(false);
    expect(isComplete({ ...bucket, store: 'file:///srv' })).toBe(false);
    expect(isComplete({ ...bucket, s3Endpoint: 'ftp://x' })).toBe(false);
    expect(problemOf('store', 's3://No')).toContain('s3://BUCKET');
    expect(problemOf('s3Region', 'eu central')).toContain('region');
    expect(problemOf('s3Region', '')).toBeUndefined();
  });
});
