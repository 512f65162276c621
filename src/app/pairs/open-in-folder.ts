import { isKind } from '../../common/errors.ts';
import type { NodeId } from '../../common/ids.ts';
import type { Index } from '../../db/index-port.ts';
import type { PositionPin } from '../../engine/log/standing.ts';
import { openPair } from '../../engine/open-pair.ts';
import type { Pair } from '../../engine/pair.ts';
import type { FileSystem } from '../../local/file-system.ts';
import { makeIgnoreRules } from '../../local/ignore-rules.ts';
import { makeNativeWatcher } from '../../local/native-watcher.ts';
import type { AccountSession } from '../account/account-session.ts';
import type { PairRecord } from '../home/config.ts';
import type { Ports } from '../ports.ts';
import { contentCrypto } from '../seal/content-crypto.ts';
import { positionPin } from '../vaults/position-pin.ts';
import { bindRoot, markerOf, otherFolderHint, rootGone, unfit } from './bind-root.ts';
import { knownTraits } from './known-traits.ts';
import { indexFile, moveAside, openPairIndex } from './open-pair-index.ts';

/** What of the vault is not on this device. */
interface Selection {
  deselected(): readonly NodeId[];
  /** Stores it; throws if that fails. */
  choose(deselected: readonly NodeId[]): void;
}

export interface OpenedPair {
  readonly pair: Pair;
  readonly index: Index;
  readonly fs: FileSystem;
  readonly pin: PositionPin;
  close(): Promise<void>;
}

/**
 * Opens a pair in its folder, with an index made anew where the one that is there is damaged. A folder that was synced bears the
 * pair's mark; in another (an empty mount point, say) nothing is to be made: throws `io` (reason `root-gone`).
 */
export async function openInFolder(
  ports: Ports,
  session: AccountSession,
  { folder, pair: id, vault }: PairRecord,
  wasSynced: boolean,
  selection: Selection,
): Promise<OpenedPair> {
  const { home, clock, random, logger } = ports;
  const fs = await bindRoot(folder);
  const marker = await markerOf(fs);
  if (wasSynced && marker?.pairId !== id) throw rootGone(folder, otherFolderHint);
  if (marker?.pairId === id && marker.deselected !== undefined) follow(marker.deselected);
  const traits = await knownTraits(fs, home, id).catch((error: unknown) => {
    throw unfit(folder, error);
  });
  const pin = positionPin(home, vault, clock.monotonic);

  const build = (index: Index): Pair =>
    openPair({
      pair: id,
      vault,
      folder,
      index,
      fs,
      traits,
      ignore: makeIgnoreRules(),
      makeWatcher: (options) => makeNativeWatcher(folder, options),
      storage: session.storage,
      account: session,
      pin,
      selection: {
        read: () => selection.deselected(),
        write: async (deselected) => {
          await fs.writeMarker({ pairId: id, vaultId: vault, madeAt: clock.now(), deselected });
          selection.choose(deselected);
        },
      },
      contentCrypto: (ring) => contentCrypto(ring, random, ports.threads),
      deviceName: session.stored().deviceName,
      deviceNameOf: session.deviceNameOf,
      clock,
      random,
      budget: ports.budget,
      logger,
    });

  let index = openPairIndex(home, id, traits, logger);
  let pair: Pair;
  try {
    pair = build(index);
  } catch (error) {
    index.close();
    if (!isKind(error, 'corrupt')) throw error;
    moveAside(indexFile(home, id), id, logger);
    index = openPairIndex(home, id, traits, logger);
    pair = build(index);
  }
  return {
    pair,
    index,
    fs,
    pin,
    close: async () => {
      await pair.close();
      await fs.letGo();
      pin.flush();
    },
  };

  /**
   * The folder knows what was chosen last. A home that was put back from an older copy does not: what it has for synced, and
   * was deselected since, would be taken for deleted.
   */
  function follow(chosen: readonly NodeId[]): void {
    const known = new Set(selection.deselected());
    if (known.size === new Set(chosen).size && chosen.every((node) => known.has(node))) return;
    logger.log('warn', 'the folder knows of another selection than the settings', { pair: id });
    selection.choose(chosen);
  }
}
