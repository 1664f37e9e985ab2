import { expect, it } from 'vitest';
import { curlOf } from './curl.ts';

it('a request asks for the same again, without secrets and without what was for its connection', () => {
  const line = curlOf(
    {
      row: { method: 'GET' },
      url: '/git/git.example/team/project/snapshot.tar.zst?a=1&b=[2]',
      requestHeaders: [
        ['Host', 'elsewhere'],
        ['Connection', 'close'],
        ['range', 'bytes=0-9'],
        ['If-Range', '"it\'s"'],
        ['authorization', 'redacted'],
      ],
    },
    'http://127.0.0.1:7420/',
  );
  const url = "'http://127.0.0.1:7420/git/git.example/team/project/snapshot.tar.zst?a=1&b=[2]'";
  expect(line).toBe(`curl -sS -g -D - -o /dev/null -H 'range: bytes=0-9' -H 'If-Range: "it'\\''s"' ${url}`);
});
