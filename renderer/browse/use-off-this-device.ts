import { useMemo } from 'react';
import type { VaultEntry } from '../../src/model/status.ts';
import { useAnswer } from '../state/queries.ts';

/** What of a vault this computer does without: asked of an entry, whether it or a folder above it is that. */
export function useOffThisDevice(pair: string): (entry: Pick<VaultEntry, 'path'>) => boolean {
  const { data } = useAnswer('deselected', { pair });
  return useMemo(() => {
    const paths = new Set(data?.deselected.map(({ path }) => path));
    return ({ path }) => {
      if (paths.size === 0) return false;
      for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
        if (paths.has(at)) return true;
      }
      return false;
    };
  }, [data]);
}
