import type { CampaignCase } from './campaign-case.ts';

/** Played first on every run: what failed once, and what says the most in the shortest time. */
export const keptCases: Readonly<Record<string, CampaignCase>> = {
  'a server that has forgotten half of what it said, and a folder whose mark is tampered with': {
    seed: 99,
    victim: 'running',
    habits: [],
    server: 'older',
    astray: 1,
    isDiskOdd: true,
    runs: 2,
  },
  'flipped bytes, while the folder is no longer taken for the right one': {
    seed: 1011,
    victim: 'running',
    habits: [
      { route: null, kind: 'flip', share: 1 },
      { route: 'getLog', kind: 'noise', share: 1 },
    ],
    server: 'true',
    astray: 0,
    isDiskOdd: true,
    runs: 3,
  },
  'answers that are cut, flooded and bombs, to whatever is asked': {
    seed: 100,
    victim: 'restarted',
    habits: [
      { route: null, kind: 'bytes', share: 0.5 },
      { route: 'putObjects', kind: 'bomb', share: 1 },
      { route: null, kind: 'flood', share: 0.2 },
    ],
    server: 'true',
    astray: 0,
    isDiskOdd: false,
    runs: 2,
  },
  'answers to other questions': {
    seed: 16,
    victim: 'fresh',
    habits: [{ route: null, kind: 'other', share: 0.3 }],
    server: 'true',
    astray: 0,
    isDiskOdd: false,
    runs: 2,
  },
  'no, in every word that there is': {
    seed: 7,
    victim: 'running',
    habits: [{ route: null, kind: 'refusal', share: 0.6 }],
    server: 'true',
    astray: 0,
    isDiskOdd: false,
    runs: 3,
  },
};
