import { expect, test } from './fixtures.ts';

test('a page that is loaded again connects again, under a strict Content-Security-Policy that it keeps to', async ({
  page,
}) => {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.reload();
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  await expect(page.getByTestId('status-bar')).toContainText('Hz');
  await page.getByRole('button', { name: 'Dark', exact: true }).click();
  expect(complaints).toEqual([]);

  const policy = await page.evaluate(async () => {
    const response = await fetch(location.href);
    return response.headers.get('content-security-policy');
  });
  const directives = (policy ?? '').split(';').map((directive) => directive.trim());
  for (const directive of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
  ]) {
    expect(directives).toContain(directive);
  }
});
