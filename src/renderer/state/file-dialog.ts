/** Asks for files with the dialog of the system. Whoever handles them is loaded only then. */

/** Opens what is chosen; nothing when nobody chooses. */
export function chooseFiles(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.addEventListener('change', () => openChosen([...(input.files ?? [])]));
  input.click();
}

/** The same for files that came by another way. */
export function openChosen(files: readonly File[]): void {
  void import('../playback/open-files.ts').then(({ openFiles }) => openFiles(files));
}
