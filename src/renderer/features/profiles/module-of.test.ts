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

  it('has one shade, a file of scripts too, and all shades are in use', () => {
    expect(shadeOf('main.main', 'a.go')).toBe(shadeOf('main.(*S3).get', 'b.go'));
    expect(shadeOf('read', 'file:///app/a.js')).toBe(shadeOf('write', 'file:///app/a.js'));
    const files = Array.from({ length: 200 }, (_, at) => shadeOf('read', `file:///app/${at}.js`));
    const packages = Array.from({ length: 200 }, (_, at) => shadeOf(`p${at}.Read`, ''));
    expect([new Set(files).size, new Set(packages).size]).toEqual([shades.length, shades.length]);
    expect(shadeOf('(garbage collector)', '')).toBe('shade-1');
  });
});
