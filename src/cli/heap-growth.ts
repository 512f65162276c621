import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the old generation of the heap near what is in use. By default V8 lets it grow fourfold before it collects, which for a
 * program that mostly moves buffers means hundreds of megabytes for nothing; this costs a tenth of processor time instead.
 *
 * Two more bounds V8 takes only as it starts (`holdfast.mjs`, and `cli` of package.json). The old generation may have 48 MB before it
 * is collected for the first time: chunks on their way count as part of it, and of a heap of 15 MB each dozen of them would have
 * everything collected. The young one stays at 8 MB. One that small is collected a hundred times a second, each time within a
 * millisecond: to wake other threads for it takes as long as the work.
 */
export function boundHeapGrowth(): void {
  setFlagsFromString('--heap-growing-percent=80');
  setFlagsFromString('--no-parallel-scavenge');
}
