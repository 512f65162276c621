import { must } from '../../../src/common/errors.ts';
import type { SimDevice } from '../device.ts';
import type { Action, Step } from '../history.ts';
import type { World } from '../world.ts';
import type { Hand } from './hand.ts';

const slowly = (hand: Hand, device: SimDevice, path: string): Action => ({
  ...hand.write(device, path),
  how: hand.dice.pick(['anew', 'in place']),
});

/** Nothing but the time tells the second content from the first, and where times are coarse not even that. */
function editTwice(hand: Hand, device: SimDevice, path: string): (Action | Step)[] {
  const first = hand.write(device, path);
  return [first, [hand.dice.below(600), { ...hand.write(device, path), size: first.size, how: 'rewrite' }]];
}

/** One change of a file that is in a folder, or of the folder. */
function change(hand: Hand, device: SimDevice, path: string): (Action | Step)[] {
  const at = device.at;
  const folder = path.slice(0, path.lastIndexOf('/'));
  const beside = hand.paths(device, 'file').find((other) => other !== path) ?? path;
  const what = hand.dice.weighted({
    edit: 4,
    'edit twice': device.folder.disk.traits.mtimeStepUs > 1 ? 8 : 2,
    'edit slowly': 2,
    delete: 2,
    'delete folder': 3,
    rename: 1,
    'rename folder': 1,
    out: 1,
    in: 1,
    type: 1,
    over: 1,
    exchange: 1,
    exec: 1,
  });
  switch (what) {
    case 'edit':
      return [hand.write(device, path)];
    case 'edit twice':
      return editTwice(hand, device, path);
    case 'edit slowly':
      return [slowly(hand, device, path)];
    case 'delete':
      return [{ do: 'remove', device: at, path }];
    case 'delete folder':
      return [{ do: 'remove', device: at, path: folder }];
    case 'rename':
      return [{ do: 'move', device: at, from: path, to: `${folder}/${hand.name()}` }];
    case 'rename folder':
      return [{ do: 'move', device: at, from: folder, to: hand.name() }];
    case 'out':
      return [{ do: 'move', device: at, from: path, to: hand.name() }];
    case 'in':
      return [{ do: 'move', device: at, from: folder, to: hand.place(device) }];
    case 'over':
      return [{ do: 'move', device: at, from: beside, to: path }, hand.write(device, path)];
    case 'exchange':
      return beside === path ? [] : [{ do: 'rotate', device: at, paths: [path, beside] }];
    case 'exec':
      return [{ do: 'exec', device: at, path }];
    default:
      return [{ do: 'remove', device: at, path }, hand.write(device, `${path}/${hand.name()}`)];
  }
}

/** The same file or, in the same place, another one, made by two people. */
function sameTwice(hand: Hand, a: SimDevice, b: SimDevice): Action[] {
  const one = hand.write(a, hand.place(a));
  const exec: Action[] = hand.dice.chance(0.4) ? [{ do: 'exec', device: a.at, path: one.path }] : [];
  return [one, ...exec, { ...one, device: b.at }];
}

/** The same move by two people, who both change the file: the second one about when the first one's change comes to it. */
function sameMove(hand: Hand, a: SimDevice, b: SimDevice, path: string): (Action | Step)[] {
  const to = hand.place(a);
  const move: Action = { do: 'move', device: a.at, from: path, to };
  const later = hand.dice.below(200 + 4 * a.line.faults.latency);
  return [move, hand.write(a, to), [later, { ...move, device: b.at }], [0, hand.write(b, to)]];
}

/** Two folders that two people put into each other. */
const intoEachOther = (hand: Hand, a: SimDevice, b: SimDevice, one: string, other: string): Action[] => [
  { do: 'move', device: a.at, from: one, to: `${other}/${hand.name()}` },
  { do: 'move', device: b.at, from: other, to: `${one}/${hand.name()}` },
];

/**
 * Two things exchange their names and one of them goes, while somebody else changes what is in the folder or has its name:
 * all within the time that an entry needs to the server.
 */
export function exchangeAndDelete(
  hand: Hand,
  [a, b]: readonly [SimDevice, SimDevice],
  inFolder: string,
  other: string,
): Step[] {
  const { dice } = hand;
  const folder = must(inFolder.split('/')[0]);
  const soon = (action: Action): Step => [dice.below(60 + 3 * a.line.faults.latency), action];
  return [
    soon(hand.write(b, inFolder)),
    [0, hand.write(b, other)],
    soon({ do: 'rotate', device: a.at, paths: [folder, other] }),
    soon({ do: 'remove', device: a.at, path: dice.chance(0.9) ? other : folder }),
  ];
}

/** Two people change one thing at once, or one of them as soon as the other one's device has begun to sync. */
export function meeting(hand: Hand, world: World): (Action | Step)[] {
  const device = hand.dice.pick(world.devices);
  const others = world.devices.filter((other) => other !== device);
  const inFolders = hand.paths(device, 'file').filter((path) => path.includes('/'));
  if (inFolders.length === 0 || others.length === 0) {
    const folder = hand.name();
    return [
      { do: 'folder', device: device.at, path: folder },
      hand.write(device, `${folder}/${hand.name()}`),
      hand.write(device, `${folder}/${hand.name()}`),
    ];
  }
  const path = hand.dice.pick(inFolders);
  const other = hand.dice.pick(others);
  if (hand.dice.chance(0.1)) {
    return hand.dice.chance(0.5) ? sameMove(hand, device, other, path) : sameTwice(hand, device, other);
  }
  const [one, two] = hand.paths(device, 'folder').filter((folder) => !folder.includes('/'));
  if (one !== undefined && two !== undefined && hand.dice.chance(0.15))
    return intoEachOther(hand, device, other, one, two);
  const atTop = hand.paths(device, 'any').filter((each) => !each.includes('/') && !path.startsWith(`${each}/`));
  if (atTop.length > 0 && hand.dice.chance(0.15)) {
    return exchangeAndDelete(hand, [device, other], path, hand.dice.pick(atTop));
  }
  const begun: Action[] = hand.dice.chance(0.5) ? [{ do: 'sync', device: device.at }] : [];
  return [
    ...change(hand, device, path),
    ...begun,
    ...change(hand, other, path),
    ...(hand.dice.chance(0.3) ? change(hand, device, path) : []),
  ];
}
