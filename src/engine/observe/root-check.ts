import type { Clock } from '../../common/clock.ts';
import { diskError, diskReason } from '../../common/disk-error.ts';
import { HoldfastError } from '../../common/errors.ts';
import { isId, type PairId, type VaultId } from '../../common/ids.ts';
import type { Index } from '../../db/index-port.ts';
import type { FileSystem, RootIdentity, RootState } from '../../local/file-system.ts';
import { withAdvice } from '../../vault/security-advice.ts';
import { isVaultGone } from '../is-vault-gone.ts';
import type { IssueBook } from '../issue-book.ts';

/**
 * Guards against a root that is not the pair's folder (an unplugged disk, an empty mount point, another folder): nothing
 * may be taken for deleted because of it.
 */
export interface RootGuard {
  /** Throws `root-gone`. The first time ever it marks the folder as this pair's. */
  check(): Promise<void>;
  /** What is wrong with it, as a sentence; null if nothing is. */
  readonly problem: string | null;
  /** Keeps the issues in line with what a cycle ended with. */
  note(issues: IssueBook, error: HoldfastError): void;
  ok(issues: IssueBook): void;
}

const sentences: Record<Exclude<RootState, 'ok'>, string> = {
  missing:
    'The folder is missing. Reconnect its disk, bring it back, or say with `locate` where it is now; until then nothing is synced and nothing is deleted.',
  replaced:
    'Another folder is at the place of this one. Reconnect its disk, bring it back, or say with `locate` where it is now; until then nothing is synced and nothing is deleted.',
  copied:
    'The folder is a copy of the one that was synced, or was put back from a backup. Remove the pair and add the folder again; until then nothing is synced and nothing is deleted.',
  held: 'Another Holdfast, whose home is a copy of this one’s, works in the folder, too. End one of the two and start the other again; until then nothing is synced and nothing is deleted from here.',
  'not-a-folder': 'There is a file at the place of the folder. Nothing is synced until the folder is back.',
  unreadable:
    'The folder cannot be read. Check its disk and permissions; until then nothing is synced and nothing is deleted.',
};

export const rootKey = 'root';
const issueId = 'root';
const securityId = 'security';
const goneId = 'vault-gone';
const tooOldId = 'too-old';

export function rootKeeper(parts: {
  readonly index: Index;
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly pair: PairId;
  readonly vault: VaultId;
}): RootGuard {
  const { index, fs } = parts;
  let problem: string | null = null;

  /** All in it is what it was: nothing has moved, and nothing has to be read again. */
  const follow = (known: RootIdentity, dev: number): void => {
    if (known.dev === dev) return;
    index.transaction((write) => {
      write.renumberVolume(known.dev, dev);
      write.setMeta(rootKey, { ...known, dev });
    });
  };

  return {
    async check() {
      const known = knownRoot(index.read);
      let state = await fs.checkRoot(known);
      if (state === 'ok' && known === null) {
        const marker = await fs.readMarker().catch((error: unknown) => {
          if (error instanceof HoldfastError && error.kind === 'corrupt') return null;
          throw error;
        });
        const counts = index.read.counts();
        // Without a marker but with a past, this is some other folder.
        if (marker?.pairId !== parts.pair && counts.localNodes > 0) state = 'replaced';
        else {
          const identity = await fs.writeMarker({
            ...(marker?.pairId === parts.pair ? marker : {}),
            pairId: parts.pair,
            vaultId: parts.vault,
            madeAt: parts.clock.now(),
          });
          index.transaction((write) => write.setMeta(rootKey, identity));
        }
      }
      if (state === 'ok' && known !== null) follow(known, await fs.volumeNumber());
      problem = state === 'ok' ? null : sentences[state];
      if (problem !== null)
        throw new HoldfastError('io', problem, { reason: 'root-gone', cause: diskError('root-gone') });
    },
    get problem() {
      return problem;
    },
    note(issues, error) {
      if (diskReason(error) === 'root-gone') {
        problem ??= sentences.missing;
        issues.raise({ id: issueId, kind: 'root', message: problem });
      } else if (isVaultGone(error)) {
        issues.raise({ id: goneId, kind: 'vault-gone', message: error.message });
      } else if (error.kind === 'version') {
        issues.raise({ id: tooOldId, kind: 'too-old', message: error.message });
      } else if (error.kind === 'security') {
        issues.end(goneId);
        issues.end(tooOldId);
        issues.raise({
          id: securityId,
          kind: 'security',
          message: withAdvice(error),
          security: error.security ?? null,
        });
      }
    },
    ok(issues) {
      issues.end(issueId);
      issues.end(goneId);
      issues.end(tooOldId);
      // A vault that is frozen gets through no cycle.
      issues.end(securityId);
    },
  };
}

/** Which folder the index is of; null until it was looked at for the first time. */
export const knownRoot = (read: Pick<Index['read'], 'meta'>): RootIdentity | null => parseIdentity(read.meta(rootKey));

function parseIdentity(value: unknown): RootIdentity | null {
  if (typeof value !== 'object' || value === null) return null;
  const { pairId, dev, ino } = value as Record<string, unknown>;
  return isId(pairId) && typeof dev === 'number' && typeof ino === 'number'
    ? { pairId: pairId as PairId, dev, ino }
    : null;
}
