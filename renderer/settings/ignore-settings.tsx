import { useState } from 'react';
import { printable } from '../../src/common/printable.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Card } from '../parts/card.tsx';
import { SelectField } from '../parts/select-field.tsx';
import { useAnswer } from '../state/queries.ts';
import { IgnoreRules } from './ignore-rules.tsx';

/** Which files are left alone, for each folder. */
export function IgnoreSettings() {
  const t = useMessages();
  const { data: status } = useAnswer('status', {});
  const pairs = status?.pairs ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const pair = pairs.find((each) => each.pair === chosen) ?? pairs[0];
  if (pair === undefined) return null;
  return (
    <Card title={t.settings.ignore}>
      {pairs.length < 2 ? null : (
        <SelectField
          label={t.settings.ignorePair}
          value={pair.pair as string}
          options={pairs.map((each) => ({ value: each.pair, label: printable(each.vaultName) }))}
          onChange={setChosen}
        />
      )}
      <IgnoreRules key={pair.pair} pair={pair.pair} />
    </Card>
  );
}
