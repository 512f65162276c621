import { CloudOff, FolderX, Info, ShieldAlert, Trash2, TriangleAlert } from 'lucide-react';
import { classes } from '../parts/classes.ts';
import type { ShownIssue } from './group-issues.ts';
import css from './issues.module.css';

const marks: { readonly [K in ShownIssue['kind']]?: typeof Info } = {
  security: ShieldAlert,
  root: FolderX,
  'vault-gone': CloudOff,
  'held-deletes': Trash2,
  skipped: Info,
};

/** How grave issues of a kind are, as a picture; the words stand beside it. */
export function IssueMark({ kind }: { readonly kind: ShownIssue['kind'] }) {
  const Icon = marks[kind] ?? TriangleAlert;
  const tone = kind === 'security' ? css.bad : kind === 'skipped' ? css.calm : css.warn;
  return (
    <span className={classes(css.mark, tone)} aria-hidden="true">
      <Icon />
    </span>
  );
}
