import { HoldfastError } from '../common/errors.ts';

interface Batch {
  readonly batch: string;
  readonly copy: number;
}

/** As the trash's own folder is named: `80`, and `80.2` for the second content of one path. */
export const trashedBatch = ({ batch, copy }: Batch): string => (copy === 1 ? batch : `${batch}.${copy}`);

/** The other way round. Throws `usage`. */
export function parseTrashedBatch(text: string): Batch {
  const [, batch, copy = '1'] = /^([0-9A-Za-z_-]{1,64})(?:\.([1-9][0-9]{0,5}))?$/.exec(text) ?? [];
  if (batch === undefined) throw new HoldfastError('usage', '--trash takes a batch as `trash` lists it.');
  return { batch, copy: Number(copy) };
}
