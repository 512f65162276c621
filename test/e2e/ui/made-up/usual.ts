import { must } from '../../../../src/common/errors.ts';
import type { HomeStatus } from '../../../../src/rpc/home-report.ts';
import type { Answers } from '../stage.ts';
import { account, devices, recoveryWords } from './account.ts';
import { activity, otherActivity } from './activity.ts';
import { appInfo, settings } from './computer.ts';
import { entries, versions } from './files.ts';
import { held, issues } from './issues.ts';
import { info } from './pairs.ts';
import { settled, signedOut, troubled } from './statuses.ts';

/** What an engine says of a person's folders on a Tuesday, with long names, several devices, much and little; a scene says what is otherwise. */
export const usual = (status: () => HomeStatus = settled): Answers => ({
  status,
  'app-info': () => appInfo,
  'settings-get': () => settings,
  pairs: () => ({ pairs: status().pairs.map(info) }),
  vaults: () => ({ vaults: [] }),
  devices: () => ({ devices: devices() }),
  throughput: () => ({ samples: [] }),
  browse: ({ search }) => {
    const found = entries().filter(({ name }) => search === null || name.toLowerCase().includes(search.toLowerCase()));
    return { entries: [...found], total: found.length };
  },
  versions: () => ({ versions: versions() }),
  activity: ({ pair }) => ({
    activity: [...otherActivity(), ...activity()].filter((item) => pair === null || item.pair === pair),
    next: null,
  }),
  issues: () => ({ issues: [] }),
  held,
  trash: () => ({ trash: [] }),
  deselected: () => ({ deselected: [] }),
  'ignore-get': () => ({ text: '# What no computer needs\n*.tmp\nnode_modules/\n' }),
  signup: () => ({ ...account, recovery: recoveryWords }),
  'change-words': () => ({ recovery: recoveryWords }),
  'confirm-words': () => ({}),
  'check-server': () => ({ server: account.server, isThisComputer: false }),
  'this-computer': () => ({ server: 'http://127.0.0.1:8470', isThisComputer: true }),
});

/** As usual, with one file in the folder “Bills”. */
export function withBills(): Answers {
  const answers = usual();
  const inBills = entries().filter(({ name }) => name === 'notes.md');
  return {
    ...answers,
    browse: (input) =>
      input.path === 'Bills' ? { entries: inBills, total: inBills.length } : must(answers.browse)(input),
  };
}

/** All that can go wrong does. */
export const troubles = (): Answers => ({ ...usual(troubled), issues: () => ({ issues: issues() }) });

/** Nobody is signed in. */
export const nobody = (): Answers => usual(signedOut);
