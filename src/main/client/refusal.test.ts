import { describe, expect, it } from 'vitest';
import type { HttpAnswer } from './http.ts';
import { refusal } from './refusal.ts';

function answer(status: number, text: string, headers: Record<string, string> = {}): HttpAnswer {
  const body = (async function* () {
    yield Buffer.from(text);
  })();
  return { url: new URL('http://host:1/x'), status, headers, body, [Symbol.dispose]: () => undefined };
}

describe('refusal', () => {
  it.each([
    ['{"code":"NOT_FOUND","message":"nothing is stored"}', 'x: host:1 answers 404 (nothing is stored)'],
    ['{"error":{"message":"nested"}}', 'x: host:1 answers 404 (nested)'],
    ['plain text\nmore', 'x: host:1 answers 404 (plain text)'],
    ['<html>a page</html>', 'x: host:1 answers 404'],
    ['', 'x: host:1 answers 404'],
    ['\u001B[2Jsly', 'x: host:1 answers 404 ( [2Jsly)'],
  ])('says what %j says', async (text, message) => {
    await expect(refusal(answer(404, text), 'x')).resolves.toMatchObject({ code: 'NOT_FOUND', message });
  });

  it.each([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('keeps the wish to wait in %j', async (headers, milliseconds) => {
    const error = await refusal(answer(503, '', headers), 'x');
    expect(error.code).toBe('BUSY');
    expect(error.retryAfterMs).toBe(milliseconds);
  });
});
