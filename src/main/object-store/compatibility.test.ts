/** The bucket layout over HTTP, on the embedded S3 server. */
import { vi } from 'vitest';
import { describeCompatibility } from './compatibility.contract.ts';
import { startEmbeddedServer } from './embedded-server.ts';

describeCompatibility('the embedded S3 server', 'no Expires', async () => {
  const server = await startEmbeddedServer();
  vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
  return {
    endpoint: server.endpoint,
    bucket: server.bucket,
    [Symbol.asyncDispose]: async () => {
      vi.unstubAllEnvs();
      await server[Symbol.asyncDispose]();
    },
  };
});
