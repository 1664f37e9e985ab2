/** What the console announces: each stays in view for some seconds, in which nobody may have looked. */
import type { Page } from '@playwright/test';

/** Listens from now on, until the page is loaded again; gives what has been announced so far. */
export async function hearAnnouncements(page: Page): Promise<() => Promise<string>> {
  await page.getByTestId('toasts').evaluate((toasts: HTMLElement) => {
    const heard: string[] = [];
    const note = () => heard.push(toasts.innerText);
    new MutationObserver(note).observe(toasts, { subtree: true, childList: true, characterData: true });
    Object.assign(globalThis, { announcementsHeard: heard });
  });
  return async () =>
    (
      await page.evaluate(
        () => (globalThis as unknown as { announcementsHeard: string[] }).announcementsHeard,
      )
    ).join('\n');
}
