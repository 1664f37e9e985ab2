import { readFile } from 'node:fs/promises';
import { curl, publishSnapshot, putObject, sha256, sluiceCommand } from './clients.ts';
import { expect, test } from './fixtures.ts';

const MiB = 2 ** 20;

test('the console says which server it shows; a published snapshot is served in ranges and shows in the table', async ({
  sluice,
  page,
  folder,
}) => {
  await expect(page).toHaveTitle(/Sluice/);
  await expect(page.getByTestId('connection')).toContainText(new URL(sluice.url).host);
  await expect(page.getByTestId('nothing-yet')).toBeVisible();

  const snapshot = await publishSnapshot(sluice.url, folder);
  const whole = await curl(folder, snapshot.url);
  expect(whole.status).toBe(200);
  expect(whole.headers.get('x-cachew-snapshot-commit')).toBe(snapshot.commit);

  const part = await curl(folder, snapshot.url, '-r', '0-1023');
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe(`bytes 0-1023/${whole.bytes.length}`);
  expect(part.headers.get('x-cachew-snapshot-commit')).toBe(snapshot.commit);
  expect(part.bytes.equals(whole.bytes.subarray(0, 1024))).toBe(true);

  const row = page.locator('[data-testid=request][data-range="bytes=0-1023"]');
  await expect(row).toHaveAttribute('data-status', '206');
  await expect(row).toHaveAttribute('data-target', /git\.example\.com\/team\/project/);
});

test('ranges of an object carry exactly the bytes that were stored, and the download client fetches it whole', async ({
  sluice,
  folder,
}) => {
  const { url, bytes } = await putObject(sluice.url, folder, 'ranges.bin', 5 * MiB + 123);
  const ranges = [
    { asked: '0-0', start: 0, end: 1 },
    { asked: '1048570-1048580', start: 1048570, end: 1048581 },
    { asked: '4194304-', start: 4 * MiB, end: bytes.length },
    { asked: '-77', start: bytes.length - 77, end: bytes.length },
  ];
  for (const { asked, start, end } of ranges) {
    const answer = await curl(folder, url, '-r', asked);
    expect(answer.status, asked).toBe(206);
    expect(answer.headers.get('content-range'), asked).toBe(`bytes ${start}-${end - 1}/${bytes.length}`);
    expect(answer.bytes.equals(bytes.subarray(start, end)), asked).toBe(true);
  }
  const beyond = await curl(folder, url, '-r', `${bytes.length}-`);
  expect(beyond.status).toBe(416);
  expect(beyond.headers.get('content-range')).toBe(`bytes */${bytes.length}`);

  const file = `${folder}/downloaded.bin`;
  await sluiceCommand(sluice.url, ['get', 'e2e', 'ranges.bin', file]);
  expect(sha256(await readFile(file))).toBe(sha256(bytes));
});
