/** Secrets encrypted with the key that the system keeps for this user. */
import { safeStorage } from 'electron';
import type { SecretBox } from '#main/client/remote-servers.ts';

/** Call when Electron is ready. `undefined` where the system keeps no keys: then the folder's mode is what protects. */
export function systemSecrets(): SecretBox | undefined {
  if (!safeStorage.isEncryptionAvailable()) return undefined;
  // A key that stands in Chromium's source protects nothing.
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text')
    return undefined;
  return {
    seal: (secret) => safeStorage.encryptString(secret).toString('base64'),
    open: (sealed) => safeStorage.decryptString(Buffer.from(sealed, 'base64')),
  };
}
