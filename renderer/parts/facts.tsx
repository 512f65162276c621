import { Fragment, type ReactNode } from 'react';
import css from './facts.module.css';

/** What is known of a thing, a line each; what is null is not told. */
export function Facts({ facts }: { readonly facts: readonly (readonly [label: string, value: ReactNode] | null)[] }) {
  return (
    <dl className={css.facts}>
      {facts.map((fact) =>
        fact === null ? null : (
          <Fragment key={fact[0]}>
            <dt>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}
