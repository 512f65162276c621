import { encodeEntryHeader, hashEntry, parseEntryHeader, signEntry } from '../../../src/crypto/entry-header.ts';
import { signingKey } from '../../../src/crypto/sign.ts';
import type { Lie } from './liar.ts';
import { changeEntries, changeJson, encodeEntry, refusal, textOf, type WireEntry } from './lies.ts';
import type { HostileCase, Outcome } from './run-case.ts';
import type { Scene } from './scene.ts';

/** The first entry that the known victims have not seen is another one. */
export const nextEntry = (change: (entry: WireEntry, scene: Scene) => WireEntry, code: Outcome): HostileCase => ({
  lie: (scene) => changeEntries((entry, seq) => (seq === scene.seenSeq + 1 ? change(entry, scene) : entry)),
  known: code,
  fresh: code,
});

export const auth: Outcome = { stops: 'E_AUTH' };

/** All entries of a vault, as the server has them. */
export async function logOf(scene: Scene): Promise<WireEntry[]> {
  const { entries } = await scene.world.author.session.storage.getLog(scene.vault, 0);
  return [...entries];
}

/** The log ends here, says the server, and takes nothing now: else it would have to say where it really ends. */
export const endsAt =
  (seq: (scene: Scene) => number) =>
  (scene: Scene): Lie => {
    const shortened = changeJson('getLog', async (page, { path }) => {
      const after = Number(new URL(path, 'http://x').searchParams.get('after'));
      const log = await logOf(scene);
      const end = seq(scene);
      const head = { seq: end, hash: textOf(hashEntry((log[end - 1] as WireEntry).header)) };
      return { ...page, entries: log.slice(after, end).map(encodeEntry), head, isLast: true };
    });
    return (asked, truth) =>
      asked.name === 'appendLog' ? refusal(503, 'offline', 'busy', { retryAfter: 1 }) : shortened(asked, truth);
  };

/** Says that the log goes on with this entry. */
export const afterThat = (entry: WireEntry, seenSeq: number): Lie =>
  changeJson('getLog', (page, { path }) => {
    const after = Number(new URL(path, 'http://x').searchParams.get('after'));
    const kept = page.entries.slice(0, Math.max(0, seenSeq - after));
    const head = { seq: seenSeq + 1, hash: textOf(hashEntry(entry.header)) };
    return { entries: [...kept, encodeEntry(entry)], head, isLast: true };
  });

/** What only a holder of the vault's key can do is kept: the ciphertext is a true one. */
export function forged(
  entry: WireEntry,
  change: Partial<ReturnType<typeof parseEntryHeader>>,
  seed: Uint8Array,
): WireEntry {
  const header = encodeEntryHeader({ ...parseEntryHeader(entry.header), ...change });
  return { ...entry, header, signature: signEntry(header, signingKey(seed)) };
}
