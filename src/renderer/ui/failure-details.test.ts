import { describe, expect, it } from 'vitest';
import { failureDetails, failureMessage, safeAddress } from './failure-details.ts';

describe('a failure as text', () => {
  it('has message, stack, address and version', () => {
    const error = new RangeError('Invalid time value');
    error.stack = 'RangeError: Invalid time value\n    at rowOf (table.js:1:2)';
    const address = 'http://127.0.0.1:7420/console/#/heap/profiles?q=fetch';
    expect(failureDetails({ what: 'Heap', error, address, version: '1.2.3' })).toBe(
      [
        'Heap cannot be shown.',
        'RangeError: Invalid time value\n    at rowOf (table.js:1:2)',
        'Address: http://127.0.0.1:7420/console/#/heap/profiles?q=fetch',
        'Version: 1.2.3',
      ].join('\n\n'),
    );
  });

  it('has the message also where stacks go without, and whatever was thrown', () => {
    const error = new Error('no such row');
    error.stack = 'rowOf@table.js:1:2';
    const facts = { what: 'Heap', address: 'app://console/#/heap', version: undefined };
    expect(failureDetails({ ...facts, error })).toContain('Error: no such row\nrowOf@table.js:1:2');
    expect(failureDetails({ ...facts, error: 'thrown as text' })).toContain('\n\nthrown as text\n\n');
    expect(failureDetails({ ...facts, error })).toContain('Version: the server has not answered');
  });

  it('says it in one line that fits', () => {
    expect(failureMessage(new TypeError('a\n  b'))).toBe('TypeError: a b');
    expect(failureMessage(new Error('x'.repeat(1000)))).toHaveLength(301);
    expect(failureMessage('')).toBe('no reason is known');
  });

  it('has no secrets: not in the message, the stack or the address', () => {
    const url = 'https://user:S3CR3T@host/x?X-Amz-Signature=S3CR3T&part=1';
    const error = new TypeError(`Invalid URL: ${url}`);
    const address = `https://user:S3CR3T@host/console/?token=S3CR3T#/lab?url=${encodeURIComponent(url)}&token=S3CR3T&tab=check`;
    const text = failureDetails({ what: 'Range Lab', error, address, version: '1' });
    expect(text).not.toContain('S3CR3T');
    expect(failureMessage(error)).not.toContain('S3CR3T');
    expect(text).toContain('tab=check');
    expect(text).toContain('part%3D1');
  });

  it.each([
    ['http://host/console/#t=S3CR3T', 'http://host/console/'],
    ['http://host/console/?a=b#/live', 'http://host/console/#/live'],
    ['app://console/index.html', 'app://console/index.html'],
    ['http://host/#/requests/412?q=object%3Aa', 'http://host/#/requests/412?q=object%3Aa'],
  ])('makes %s into %s', (address, safe) => {
    expect(safeAddress(address)).toBe(safe);
  });
});
