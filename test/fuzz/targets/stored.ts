import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { accountFile } from '../../../src/app/account/account-file.ts';
import { departedFile } from '../../../src/app/account/departed-file.ts';
import { sessionFile } from '../../../src/app/account/session-file.ts';
import { daemonFile } from '../../../src/app/door/daemon-file.ts';
import { configFile } from '../../../src/app/home/config.ts';
import { openHome } from '../../../src/app/home/home.ts';
import { positionPin } from '../../../src/app/vaults/position-pin.ts';
import type { DeviceId, VaultId } from '../../../src/common/ids.ts';
import { openIndex } from '../../../src/db/open-index.ts';
import { decodeChanges } from '../../../src/engine/batch-journal.ts';
import { parseMarker } from '../../../src/local/marker.ts';
import { isDiverged } from '../../../src/plan/diverged.ts';
import { parseAccountPin } from '../../../src/vault/account-pin.ts';
import { parsePosition } from '../../../src/vault/position.ts';
import { linuxRules } from '../../fakes/memory-trees.ts';
import { outcome, promise, type Target } from '../target.ts';
import { hash, id, jsonWords, textOf } from './json-words.ts';
import { textSeeds } from './seeds.ts';

const marker: Target = {
  name: 'marker',
  kind: 'text',
  words: [...jsonWords, '"pairId"', '"vaultId"', '"madeAt"', '"deselected"'],
  seeds: () => textSeeds(`{"pairId":"${id}","vaultId":"${id}","madeAt":1,"deselected":["${id}"]}`, '{}', 'null'),
  run: (input) => {
    const found = parseMarker(textOf(input));
    if (found !== null) promise(/^[0-9a-f]{32}$/.test(found.pairId) && Number.isSafeInteger(found.madeAt), 'no marker');
  },
};

/** JSON that this device stored: read back, or `corrupt`, or written by a newer app. */
function homeTarget(): Target {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'holdfast-fuzz-'));
  const home = openHome(folder);
  const pinFile = home.pinFile(id as VaultId);
  mkdirSync(dirname(pinFile), { recursive: true });
  const files: readonly (readonly [string, () => unknown])[] = [
    [home.configFile, () => configFile(home).read()],
    [home.accountFile, () => accountFile(home).read()],
    [home.daemonFile, () => daemonFile(home).read()],
    [home.departedFile, () => departedFile(home).find('s', 'e')],
    [home.sessionFile, () => sessionFile(home, id as DeviceId).read(0)],
    [pinFile, () => positionPin(home, id as VaultId, () => 0).read()],
  ];
  const freeze = '{"code":"E_AUTH","message":"m","seq":1,"device":null,"atUs":1}';
  const pin = `{"account":"${id}","position":1,"head":"${hash}","frozen":null}`;
  return {
    name: 'home-files',
    kind: 'text',
    words: [
      ...jsonWords,
      '"format"',
      '1',
      '2',
      '"pin"',
      '"frozen"',
      '"events"',
      '"record"',
      '"pairs"',
      '"settings"',
      freeze,
      pin,
    ],
    seeds: () =>
      textSeeds(
        '{"format":1}',
        '{"format":2}',
        '{"format":1,"seq":1,"head":"x"}',
        '{"format":1,"token":"t","expiresAt":1e18}',
        `{"format":1,"accounts":[{"server":"s","email":"e","pin":${pin},"record":{"body":"","signature":""}}]}`,
        `{"format":1,"settings":{"upBytesPerSecond":null,"downBytesPerSecond":1},"pairs":[{"pair":"${id}","vault":"${id}","vaultName":"v","folder":"/f","isPaused":false,"createdAt":1}]}`,
        `{"format":1,"server":"s","email":"e","account":"${id}","device":"${id}","deviceName":"d","deviceState":"","record":{"body":"","signature":""},"events":[],"pin":${pin},"vaultNames":{}}`,
      ),
    run: (input) => {
      for (const [path, read] of files) {
        writeFileSync(path, input);
        outcome(['corrupt', 'version'], read);
        rmSync(path);
      }
    },
    close: async () => rmSync(folder, { recursive: true }),
  };
}

const positions: Target = {
  name: 'stored-state',
  kind: 'text',
  words: [
    ...jsonWords,
    '"epochs"',
    '"accounts"',
    '"deviceSeqs"',
    '"frozen"',
    '"position"',
    '"head"',
    '"code"',
    '"E_FORK"',
  ],
  seeds: () =>
    textSeeds(
      `{"vault":"${id}","seq":1,"head":"${hash}","name":"n","deviceSeqs":{"${id}":1},"accounts":[{"account":"${id}","position":1,"head":"${hash}"}],"epochs":[{"epoch":1,"seq":1,"accountPosition":1,"grantsHash":"${hash}"}],"frozen":null}`,
      `{"account":"${id}","position":1,"head":"${hash}","frozen":{"code":"E_AUTH","message":"m","seq":null,"device":null,"atUs":1}}`,
      '[]',
    ),
  run: (input) => {
    let json: unknown;
    try {
      json = JSON.parse(textOf(input));
    } catch {
      return;
    }
    const position = outcome(['corrupt'], () => parsePosition(json));
    if (position.ok)
      promise(
        position.value.epochs.every(({ epoch }, at) => epoch === at + 1),
        'epochs left out',
      );
    outcome(['corrupt'], () => parseAccountPin(json));
  },
};

const journal: Target = {
  name: 'journal',
  kind: 'text',
  words: jsonWords,
  seeds: () => textSeeds('[]', '{}', `[{"node":"${id}"}]`, `{"creates":"${id}","others":[]}`),
  run: (input) => {
    outcome(['corrupt'], () => decodeChanges(input));
  },
};

/** The file of an index, as a failing disk may give it back. */
function indexTarget(): Target {
  const options = { rules: linuxRules, isDiverged };
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'holdfast-fuzz-'));
  const path = join(folder, 'index.db');
  return {
    name: 'index',
    kind: 'bytes',
    most: 3000,
    // Both of SQLite's own statements and ours are in the first pages: what lies behind them is rows.
    words: [],
    seeds: () => {
      const index = openIndex(':memory:', options);
      const bytes = index.bytes();
      index.close();
      return [bytes, bytes.subarray(0, 100), new Uint8Array()];
    },
    run: (input) => {
      for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
      writeFileSync(path, input);
      const found = outcome(['corrupt', 'version', 'io'], () => openIndex(path, options));
      if (!found.ok) return;
      const index = found.value;
      try {
        outcome(['corrupt', 'io'], () => {
          index.read.counts();
          index.read.vaultState();
          index.integrityCheck();
          index.transaction((write) => write.setMeta('fuzz', 1));
        });
      } finally {
        outcome(['corrupt', 'io'], () => index.close());
      }
    },
    close: async () => rmSync(folder, { recursive: true }),
  };
}

/** What this device stored, as a failing disk or another program may leave it. */
export const storedTargets = (): readonly Target[] => [marker, homeTarget(), positions, journal, indexTarget()];
