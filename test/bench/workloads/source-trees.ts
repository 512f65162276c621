import { fetchSourceVersions, hasSourceVersions } from '../data/source-versions.ts';
import type { Workload } from './workload.ts';

/** What a workload needs beforehand that replays releases of a source tree. */
export const sourceTrees: Pick<Workload, 'fetch' | 'prepare'> = {
  fetch: async ({ edits }) => fetchSourceVersions(edits + 1),
  prepare: async (_base, { edits }) => (hasSourceVersions(edits + 1) ? null : 'the source trees were not fetched'),
};
