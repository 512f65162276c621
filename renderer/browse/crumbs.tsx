import { ChevronRight } from 'lucide-react';
import { Fragment } from 'react';
import type { PairStatus } from '../../src/model/status.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Name } from '../parts/name.tsx';
import { address } from '../state/route.ts';
import css from './files.module.css';

/** The way from the vault to the folder that is shown. */
export function Crumbs({ pair, path }: { readonly pair: PairStatus; readonly path: string }) {
  const t = useMessages();
  const parts = path === '' ? [] : path.split('/');
  return (
    <nav aria-label={t.files.path} className={css.crumbs}>
      <a href={address('files', pair.pair)} aria-current={parts.length === 0 ? 'page' : undefined}>
        <Name>{pair.vaultName}</Name>
      </a>
      {parts.map((name, at) => {
        const to = parts.slice(0, at + 1);
        return (
          <Fragment key={to.join('/')}>
            <ChevronRight aria-hidden="true" />
            <a href={address('files', pair.pair, ...to)} aria-current={at === parts.length - 1 ? 'page' : undefined}>
              <Name>{name}</Name>
            </a>
          </Fragment>
        );
      })}
    </nav>
  );
}
