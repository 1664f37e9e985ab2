/** What Sluice promises about conditional requests: docs/semantics.md, one test for each sentence, with the same words. */
import { describe, expect, it } from 'vitest';
import { after, ask, before, described, now, same, status } from './answer.fixture.ts';

describe('Preconditions', () => {
  it('If-Match answers 412 when no entity tag is the current one, by strong comparison.', () => {
    expect(status({ 'if-match': '"v1"' })).toBe(200);
    expect(status({ 'if-match': '"v0", "v1"' })).toBe(200);
    expect(status({ 'if-match': ['"v0"', '"v1"'] })).toBe(200);
    expect(status({ 'if-match': '"v0"' })).toBe(412);
    expect(status({ 'if-match': 'W/"v1"' })).toBe(412);
    expect(ask({ 'if-match': '"v0"' }, {}, 'HEAD').status).toBe(412);
  });

  it('If-Match with * passes for whatever exists.', () => {
    expect(status({ 'if-match': '*' })).toBe(200);
  });

  it('If-None-Match answers 304 when an entity tag is the current one, by weak comparison.', () => {
    expect(status({ 'if-none-match': '"v1"' })).toBe(304);
    expect(status({ 'if-none-match': 'W/"v1"' })).toBe(304);
    expect(status({ 'if-none-match': ['"v0"', '"v1"'] })).toBe(304);
    expect(status({ 'if-none-match': '"v0"' })).toBe(200);
    expect(ask({ 'if-none-match': '"v1"' }, {}, 'HEAD').status).toBe(304);
  });

  it('If-None-Match with * answers 304 for whatever exists.', () => {
    expect(status({ 'if-none-match': '*' })).toBe(304);
  });

  it('If-Unmodified-Since answers 412 when the object is newer.', () => {
    expect([before, same, after].map((date) => status({ 'if-unmodified-since': date }))).toEqual([
      412, 200, 200,
    ]);
  });

  it('If-Modified-Since answers 304 when the object is not newer.', () => {
    expect([before, same, after].map((date) => status({ 'if-modified-since': date }))).toEqual([
      200, 304, 304,
    ]);
    expect(status({ 'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' })).toBe(304);
  });

  it('Entity tags win over dates: If-Unmodified-Since counts only without If-Match, If-Modified-Since only without If-None-Match.', () => {
    expect(status({ 'if-match': '"v1"', 'if-unmodified-since': before })).toBe(200);
    expect(status({ 'if-none-match': '"v0"', 'if-modified-since': same })).toBe(200);
    expect(status({ 'if-none-match': '"v1"', 'if-modified-since': before })).toBe(304);
  });

  it('412 comes before 304, and both before 206 and 416.', () => {
    const unsatisfiable = { range: 'bytes=5000-' };
    const satisfiable = { range: 'bytes=0-1', 'if-range': '"v1"' };
    expect(status({ 'if-match': '"v0"', 'if-none-match': '"v1"' })).toBe(412);
    expect(status({ 'if-unmodified-since': before, 'if-modified-since': same })).toBe(412);
    for (const range of [unsatisfiable, satisfiable]) {
      expect(status({ ...range, 'if-match': '"v0"' })).toBe(412);
      expect(status({ ...range, 'if-unmodified-since': before })).toBe(412);
      expect(status({ ...range, 'if-none-match': '"v1"' })).toBe(304);
      expect(status({ ...range, 'if-modified-since': same })).toBe(304);
    }
    expect(status({ ...unsatisfiable, 'if-match': '"v1"' })).toBe(416);
    expect(status({ ...satisfiable, 'if-match': '"v1"' })).toBe(206);
  });

  it('A list of entity tags that cannot be read matches nothing.', () => {
    for (const list of ['v1', '"v1', '"v1" "v1"', '*, "v1"', '']) {
      expect([list, status({ 'if-match': list }), status({ 'if-none-match': list })]).toEqual([
        list,
        412,
        200,
      ]);
    }
  });

  it('Dates are read in the three formats of RFC 9110, and compared in whole seconds.', () => {
    const later = { lastModified: new Date('2026-11-22T08:49:37.999Z') };
    for (const date of [same, 'Sunday, 22-Nov-26 08:49:37 GMT', 'Sun Nov 22 08:49:37 2026']) {
      expect(status({ 'if-modified-since': date }, later)).toBe(304);
      expect(status({ 'if-unmodified-since': date }, later)).toBe(200);
    }
  });

  it('A date that cannot be read, or comes twice, is ignored.', () => {
    for (const date of ['yesterday', '2026-11-22T08:49:37Z', '', [after, after], [before, before]]) {
      expect(status({ 'if-modified-since': date })).toBe(200);
      expect(status({ 'if-unmodified-since': date })).toBe(200);
    }
  });

  it('A 304 carries the validators and the caching fields, and nothing about a body.', () => {
    const reply = ask({ 'if-none-match': '"v1"' });
    expect(reply.segments).toEqual([]);
    expect(reply.headers).toEqual({
      etag: '"v1"',
      'last-modified': same,
      'accept-ranges': 'bytes',
      'cache-control': 'no-cache',
    });
  });

  it('A 412 and a 416 have no body and never the length of the object.', () => {
    for (const fields of [{ 'if-match': '"v0"' }, { range: 'bytes=1000-' }]) {
      expect(ask(fields).segments).toEqual([]);
      expect(ask(fields).headers['content-length']).toBe('0');
    }
  });

  it('Last-Modified is never later than Date.', () => {
    const ahead = { lastModified: new Date(now.getTime() + 5000) };
    expect(ask({}, ahead).headers['last-modified']).toBe(now.toUTCString());
  });
});

describe('If-Range', () => {
  const range = 'bytes=0-9';

  it('If-Range with the current entity tag lets the range apply.', () => {
    expect(status({ range, 'if-range': '"v1"' })).toBe(206);
  });

  it('If-Range with another or a weak entity tag answers 200 with the whole object.', () => {
    expect(described(ask({ range, 'if-range': '"v0"' }))).toEqual([200, undefined, '1000']);
    expect(described(ask({ range, 'if-range': 'W/"v1"' }))).toEqual([200, undefined, '1000']);
  });

  it('If-Range with a date lets the range apply only when it is exactly Last-Modified.', () => {
    expect([before, same, after].map((date) => status({ range, 'if-range': date }))).toEqual([200, 206, 200]);
  });

  it('If-Range that cannot be read answers 200 with the whole object.', () => {
    for (const value of ['v1', '*', '', '"v1", "v1"', 'yesterday', ['"v1"', '"v1"'], [same, same]]) {
      expect(status({ range, 'if-range': value })).toBe(200);
    }
  });

  it('If-Range that does not match makes an unsatisfiable range a 200.', () => {
    expect(status({ range: 'bytes=5000-', 'if-range': '"v0"' })).toBe(200);
    expect(status({ range: 'bytes=5000-', 'if-range': '"v1"' })).toBe(416);
  });

  it('If-Range without Range changes nothing.', () => {
    expect(status({ 'if-range': '"v1"' })).toBe(200);
    expect(status({ 'if-range': '"v0"' })).toBe(200);
  });
});
