import { describe, expect, it } from 'vitest';
import { type DeviceId, newId, type VaultId } from '../../../src/common/ids.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import type { HomeStatus } from '../../../src/rpc/home-report.ts';
import { newsOf, type Told, toldBy, toldNothing } from '../../../src/rpc/news.ts';
import { accountOf, pairOf, statusOf } from '../../helpers/home-status.ts';

const newDevice = { device: newId<DeviceId>(systemRandom), deviceName: 'laptop' };
const newVault = { vault: newId<VaultId>(systemRandom), vaultName: 'Photos' };

function all(status: HomeStatus): string[] {
  const kinds: string[] = [];
  for (let told: Told = toldNothing; ; ) {
    const found = newsOf(status, told);
    if (found === null) return kinds;
    kinds.push(`${found.news.kind} ${found.news.page}`);
    told = found.told;
  }
}

describe('news', () => {
  it('are told one after the other, what matters most first, each once, with the place where it is seen', () => {
    const pair = pairOf({ lastConflict: { at: 5, folder: 'a b/c' } });
    const status = {
      ...statusOf('up-to-date', [pairOf({ lastConflict: { at: 3, folder: '' } }), pair]),
      account: accountOf({ newDevice, newVault }),
    };
    expect(all(status)).toEqual(['new-device devices', `conflict files/${pair.pair}/a%20b/c`, 'new-vault folders']);
    expect(newsOf(status, toldBy(status))).toBeNull();
  });

  it('come again with the next event of a kind', () => {
    const at = (time: number) => statusOf('up-to-date', [pairOf({ lastConflict: { at: time, folder: '' } })]);
    expect(newsOf(at(5), toldBy(at(5)))).toBeNull();
    expect(newsOf(at(6), toldBy(at(5)))?.news.kind).toBe('conflict');
    expect(all(statusOf('up-to-date', [pairOf()]))).toEqual([]);
  });
});
