import { describe, expect, it } from 'vitest';
import { moduleOf, shadeOf, shades } from './module-of.ts';

describe('the module of a function', () => {
  it.each([
    ['github.com/me/it/store.(*S3).get.func1', '/src/store/s3.go', 'github.com/me/it/store'],
    ['main.main', '/src/main.go', 'main'],
    ['internal/bytealg.MakeNoZero', '', 'internal/bytealg'],
    ['net/http.HandlerFunc.ServeHTTP', '', 'net/http'],
    ['readAll', 'node:internal/fs/read', 'node:internal/fs/read'],
    ['parse', 'file:///app/node_modules/@scope/pack/lib/parse.js', '@scope/pack'],
    ['get', 'file:///app/src/store/get.ts', '/app/src/store'],
    ['std::vec::Vec', '', 'std'],
    ['libc`malloc', '', 'libc'],
    ['(garbage collector)', '', ''],
  ])('%s in %j is of %j', (name, file, module) => {
    expect(moduleOf(name, file)).toBe(module);
  });

  it('has one shade, and the shades are all in use', () => {
    expect(shadeOf('main')).toBe(shadeOf('main'));
    const used = new Set(Array.from({ length: 200 }, (_, at) => shadeOf(`module-${at}`)));
    expect(used.size).toBe(shades.length);
    expect(shadeOf('')).toBe('shade-1');
  });
});
