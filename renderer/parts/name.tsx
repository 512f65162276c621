import { printable } from '../../src/common/printable.ts';

/** A name or path out of a vault: in its own direction, and with escapes for what could not be seen or would mislead. */
export function Name({ children, className }: { readonly children: string; readonly className?: string | undefined }) {
  return <bdi className={className}>{printable(children)}</bdi>;
}
