import { printable } from '../../src/common/printable.ts';
import type { PairStatus } from '../../src/model/status.ts';
import { useMessages } from '../i18n/messages.tsx';
import { classes } from './classes.ts';
import field from './field.module.css';
import css from './vault-select.module.css';

interface VaultSelectProps {
  readonly pairs: readonly PairStatus[];
  /** Empty: all of them. */
  readonly pair: string;
  readonly onChange: (pair: string) => void;
  /** Offers all of them at once. */
  readonly withAll?: boolean;
}

/** Which vault a screen shows; nothing where there is no choice. */
export function VaultSelect({ pairs, pair, onChange, withAll = false }: VaultSelectProps) {
  const t = useMessages();
  if (pairs.length < 2) return null;
  return (
    <select
      className={classes(field.input, css.select)}
      aria-label={t.files.pair}
      value={pair}
      onChange={(event) => onChange(event.target.value)}
    >
      {withAll ? <option value="">{t.files.allPairs}</option> : null}
      {pairs.map((each) => (
        <option key={each.pair} value={each.pair}>
          {printable(each.vaultName)}
        </option>
      ))}
    </select>
  );
}
