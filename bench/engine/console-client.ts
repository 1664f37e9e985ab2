/**
 * A console that nobody looks at: it asks for one frame after the other, as the real one does. Run as a program with
 * the address of a Sluice it prints `{"url":…}` when the first frame is there, and goes on until it is ended.
 */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '#shared/contract.ts';

const [, , url = ''] = process.argv;
const websocket = new WebSocket(`${url.replace(/^http/, 'ws')}/rpc`);
await new Promise((resolve) => websocket.addEventListener('open', resolve, { once: true }));
const client: ContractRouterClient<typeof contract> = createORPCClient(new RPCLink({ websocket }));
await client.hello();
for (let cursor = -1, frames = 0; ; frames += 1) {
  ({ cursor } = await client.live.frame({ cursor }));
  if (frames === 0) console.log(JSON.stringify({ url }));
}
