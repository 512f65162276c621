import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { HoldfastError } from '../../common/errors.ts';
import type { PairRecord } from '../home/config.ts';
import { realPlace } from '../home/real-place.ts';

const usage = (reason: string, message: string, hint?: string): HoldfastError =>
  new HoldfastError('usage', message, hint === undefined ? { reason } : { reason, hint });

/** The pairs that a command without a path is about: the chosen one, or all. */
export function choosePairs(pairs: readonly PairRecord[], choice: string | null): readonly PairRecord[] {
  if (choice !== null) return [choosePair(pairs, choice)];
  if (pairs.length === 0) throw noPairs();
  return pairs;
}

/** The one pair that `choice` means (see `pairChoice` of the contract); without a choice, the only one. */
export function choosePair(pairs: readonly PairRecord[], choice: string | null): PairRecord {
  const [first, second] = pairs;
  if (first === undefined) throw noPairs();
  if (choice === null) {
    if (second === undefined) return first;
    throw usage('which-pair', 'There are several folder pairs.', 'Say which one with --pair; `pairs` lists them.');
  }
  const folders = isAbsolute(choice) ? [resolve(choice), realPlace(choice)] : [];
  const exact = pairs.filter(
    ({ pair, folder, vaultName }) => pair === choice || vaultName === choice || folders.includes(folder),
  );
  const found = exact.length > 0 ? exact : pairs.filter(({ pair }) => choice.length >= 4 && pair.startsWith(choice));
  const [match, other] = found;
  if (match === undefined) throw usage('no-such-pair', `No folder pair is “${choice}”.`, '`pairs` lists them.');
  if (other !== undefined) throw usage('which-pair', `“${choice}” means several folder pairs.`, 'Give the whole id.');
  return match;
}

export interface PlaceInPair {
  readonly record: PairRecord;
  /** In the vault: names joined by `/`, empty for its root. */
  readonly path: string;
}

/**
 * A path as a person writes it: absolute and inside a pair's folder, or a vault path (with or without a leading slash)
 * of the chosen pair or the only one.
 */
export function choosePlace(pairs: readonly PairRecord[], choice: string | null, path: string): PlaceInPair {
  if (isAbsolute(path)) {
    const candidates = choice === null ? pairs : [choosePair(pairs, choice)];
    for (const written of waysTo(path)) {
      for (const record of candidates) {
        const inside = pathInside(record.folder, written);
        if (inside !== null) return { record, path: inside };
      }
    }
  }
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) throw usage('bad-path', 'A path in a vault has no “..”.');
  return { record: choosePair(pairs, choice), path: names.join('/') };
}

/** As it was written; by way of no links but its own; of none at all. A link in a folder is meant itself, one to it is not. */
function* waysTo(path: string): Iterable<string> {
  yield path;
  const above = realPlace(dirname(path));
  if (above !== null) yield join(above, basename(path));
  const real = realPlace(path);
  if (real !== null) yield real;
}

function pathInside(root: string, path: string): string | null {
  const way = relative(root, path);
  if (way === '') return '';
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return null;
  return way.split(sep).join('/');
}

const noPairs = (): HoldfastError =>
  usage('no-pairs', 'No folder is synced on this device yet.', 'Add one with: holdfast add FOLDER');
