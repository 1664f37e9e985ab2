/** Set by the preload script in the desktop window only. */
interface Window {
  readonly sluiceDesktop?: boolean;
}
