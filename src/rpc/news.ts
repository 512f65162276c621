import type { HomeStatus } from './home-report.ts';

/** What is to be told once and calmly, beside what needs a person. `page`: where it is seen, as addresses of the window have it. */
export type News =
  | { readonly kind: 'new-device'; readonly name: string; readonly page: string }
  | { readonly kind: 'conflict'; readonly page: string }
  | { readonly kind: 'new-vault'; readonly name: string; readonly page: string };

/** What was told so far: the latest of each kind. */
export interface Told {
  readonly device: string | null;
  readonly vault: string | null;
  /** Wall time in milliseconds. */
  readonly conflictAt: number;
}

export const toldNothing: Told = { device: null, vault: null, conflictAt: 0 };

/** All that a state has to tell. */
export function toldBy({ account, pairs }: HomeStatus): Told {
  return {
    device: account?.newDevice?.device ?? null,
    vault: account?.newVault?.vault ?? null,
    conflictAt: Math.max(0, ...pairs.map(({ lastConflict }) => lastConflict?.at ?? 0)),
  };
}

/** What of a state was not told so far, what matters most first, each with what was told once it is. */
export function newsOf(status: HomeStatus, told: Told): { readonly news: News; readonly told: Told } | null {
  const { account, pairs } = status;
  const now = toldBy(status);
  const device = account?.newDevice ?? null;
  if (device !== null && now.device !== told.device) {
    return {
      news: { kind: 'new-device', name: device.deviceName, page: 'devices' },
      told: { ...told, device: now.device },
    };
  }
  const pair = pairs.find(({ lastConflict }) => lastConflict !== null && lastConflict.at === now.conflictAt);
  if (pair !== undefined && now.conflictAt > told.conflictAt) {
    const place = ['files', pair.pair, ...(pair.lastConflict?.folder.split('/') ?? [])];
    return {
      news: {
        kind: 'conflict',
        page: place
          .filter((part) => part !== '')
          .map(encodeURIComponent)
          .join('/'),
      },
      told: { ...told, conflictAt: now.conflictAt },
    };
  }
  const vault = account?.newVault ?? null;
  if (vault === null || now.vault === told.vault) return null;
  return {
    news: { kind: 'new-vault', name: vault.vaultName, page: 'folders' },
    told: { ...told, vault: now.vault },
  };
}
