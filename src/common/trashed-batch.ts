/** Of which batch something in the trash is: one batch may keep several contents of one path. */
export interface TrashedBatch {
  readonly batch: string;
  /** 1 for the first. */
  readonly copy: number;
}

/** The name of its folder in the trash: `80`, and `80.2` for the second content of one path. */
export const trashedBatch = ({ batch, copy }: TrashedBatch): string => (copy === 1 ? batch : `${batch}.${copy}`);

const shape = /^([0-9A-Za-z_-]{1,64})(?:\.([1-9][0-9]{0,5}))?$/;

/** The other way round; null if it names no batch. */
export function parseTrashedBatch(text: string): TrashedBatch | null {
  const [, batch, copy = '1'] = shape.exec(text) ?? [];
  return batch === undefined ? null : { batch, copy: Number(copy) };
}
