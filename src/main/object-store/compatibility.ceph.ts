/** The bucket layout over HTTP, on a real S3 server (`npm run test:ceph`). */
import { randomUUID } from 'node:crypto';
import { describeCompatibility } from './compatibility.contract.ts';
import { OtherProgram } from './compatibility.fixture.ts';

describeCompatibility('a real S3 server', 'Expires', async () => {
  const place = {
    endpoint: process.env['SLUICE_TEST_S3_ENDPOINT'] ?? '',
    bucket: `sluice-compatibility-${randomUUID()}`,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  using other = new OtherProgram(place);
  await other.createBucket();
  return place;
});
