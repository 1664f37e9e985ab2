import { expect, it } from 'vitest';
import { acceleratorOf } from './accelerator.ts';

it.each([
  ['$mod+k', 'CmdOrCtrl+K'],
  ['$mod+,', 'CmdOrCtrl+,'],
  ['$mod+Shift+e', 'CmdOrCtrl+Shift+E'],
  ['$mod+ArrowLeft', 'CmdOrCtrl+Left'],
  ['g l', undefined],
  ['t', undefined],
  ['?', undefined],
])('%s is %s in a menu', (key, accelerator) => {
  expect(acceleratorOf(key)).toBe(accelerator);
});
