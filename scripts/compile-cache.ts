/**
 * Where the Nodes that tests start keep what they have compiled. Each test file is a process, and many tests start
 * some more: compiling the same sources is most of what a short one does. Node itself looks whether a source is still
 * the same.
 */
import { join } from 'node:path';
import { root } from './process.ts';

/** For the environment of every process of the tests. */
export const compileCache = { NODE_COMPILE_CACHE: join(root, '.cache/compiled') } as const;
