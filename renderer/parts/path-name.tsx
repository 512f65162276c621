import { printable } from '../../src/common/printable.ts';
import css from './path-name.module.css';

/** A file by its name, with the folder that it is in behind it; in one line, the name last to be cut. */
export function PathName({ path, href }: { readonly path: string; readonly href?: string | undefined }) {
  const cut = path.lastIndexOf('/');
  const name = printable(path.slice(cut + 1));
  return (
    <span className={css.path} title={printable(path)}>
      {href === undefined ? (
        <bdi className={css.name}>{name}</bdi>
      ) : (
        <a className={css.name} href={href}>
          <bdi>{name}</bdi>
        </a>
      )}
      {cut === -1 ? null : <bdi className={css.folder}>{printable(path.slice(0, cut))}</bdi>}
    </span>
  );
}
