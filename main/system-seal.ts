import type { SafeStorage } from 'electron';
import type { SystemSeal } from '../src/app/keychain/system-keychain.ts';

/** Newer Electrons have these; the synchronous ones block the app while the keychain asks the person. */
interface AsyncSafeStorage {
  encryptStringAsync?(plain: string): Promise<Buffer>;
  decryptStringAsync?(sealed: Buffer): Promise<{ readonly result: string }>;
}

/** Backends of Linux that keep nothing secret: they “encrypt” under a password that everyone knows. */
const pretenders: readonly string[] = ['basic_text', 'unknown'];

/** The system's keychain; null where there is none that deserves the name. */
export function systemSeal(storage: SafeStorage & AsyncSafeStorage, platform: NodeJS.Platform): SystemSeal | null {
  if (!storage.isEncryptionAvailable()) return null;
  if (platform === 'linux' && pretenders.includes(storage.getSelectedStorageBackend())) return null;
  return {
    seal: async (plain) => {
      const sealed = (await storage.encryptStringAsync?.(plain)) ?? storage.encryptString(plain);
      return sealed.toString('base64');
    },
    open: async (text) => {
      const sealed = Buffer.from(text, 'base64');
      const opened = await storage.decryptStringAsync?.(sealed);
      return opened?.result ?? storage.decryptString(sealed);
    },
  };
}
