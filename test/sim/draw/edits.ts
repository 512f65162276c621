import type { SimDevice } from '../device.ts';
import type { Action } from '../history.ts';
import type { World } from '../world.ts';
import type { Hand } from './hand.ts';

const hour = 3600_000;
/** Of what is between two places. */
const turning = 'plum.turning';

/** What one person does to a folder. */
export function edit(hand: Hand, device: SimDevice): Action[] {
  const at = device.at;
  const file = hand.some(device, 'file');
  const any = hand.some(device, 'any');
  const what = hand.dice.weighted({
    create: 5,
    edit: 5,
    folder: 2,
    remove: 3,
    move: 5,
    rename: 2,
    rotate: 1,
    type: 1,
    copy: 1,
    touch: 0.5,
    exec: 0.5,
    nest: 1,
    enfold: 0.5,
    'inside out': 0.5,
  });
  switch (what) {
    case 'edit':
      return file === null ? [hand.write(device, hand.place(device))] : [hand.write(device, file)];
    case 'folder':
      return [{ do: 'folder', device: at, path: hand.place(device) }];
    case 'remove':
      return any === null ? [] : [{ do: 'remove', device: at, path: any }];
    case 'move':
      return any === null ? [] : [{ do: 'move', device: at, from: any, to: hand.place(device) }];
    case 'rename': {
      if (any === null) return [];
      const parent = any.includes('/') ? any.slice(0, any.lastIndexOf('/') + 1) : '';
      return [{ do: 'move', device: at, from: any, to: parent + hand.name() }];
    }
    case 'rotate': {
      const all = hand.paths(device, 'any').filter((path) => !path.includes('/'));
      if (all.length < 2) return [];
      const start = hand.dice.below(all.length);
      const turned = [...all.slice(start), ...all.slice(0, start)].slice(0, 2 + hand.dice.below(2));
      return [{ do: 'rotate', device: at, paths: turned }];
    }
    case 'type':
      if (any === null) return [];
      return [
        { do: 'remove', device: at, path: any },
        hand.dice.chance(0.5) ? { do: 'folder', device: at, path: any } : hand.write(device, any),
      ];
    case 'copy':
      return file === null ? [] : [{ do: 'copy', device: at, from: file, to: hand.place(device) }];
    case 'touch':
      return file === null
        ? []
        : [{ do: 'touch', device: at, path: file, ago: hand.dice.pick([0, hour, 1000 * hour]) }];
    case 'exec':
      return file === null ? [] : [{ do: 'exec', device: at, path: file }];
    case 'nest': {
      const folder = hand.place(device);
      return [
        { do: 'folder', device: at, path: folder },
        hand.write(device, `${folder}/${hand.name()}`),
        { do: 'folder', device: at, path: `${folder}/${hand.name()}` },
        hand.write(device, `${folder}/${hand.name()}`),
      ];
    }
    case 'enfold':
      return any === null ? [] : enfold(hand, device, any);
    case 'inside out':
      return insideOut(hand, device);
    default:
      return [hand.write(device, hand.place(device))];
  }
}

/** Something moves below a new folder that has its name. */
function enfold(hand: Hand, device: SimDevice, path: string): Action[] {
  const at = device.at;
  const folder = hand.dice.chance(0.5) ? path : `${path}/${hand.name()}`;
  return [
    { do: 'move', device: at, from: path, to: turning },
    { do: 'folder', device: at, path: folder },
    { do: 'move', device: at, from: turning, to: `${folder}/${hand.name()}` },
  ];
}

/** A folder moves into one that was in it and takes its name. */
function insideOut(hand: Hand, device: SimDevice): Action[] {
  const at = device.at;
  const inner = hand.paths(device, 'folder').filter((path) => path.includes('/'));
  if (inner.length === 0) return [];
  const from = hand.dice.pick(inner);
  const outer = from.slice(0, from.lastIndexOf('/'));
  return [
    { do: 'move', device: at, from, to: turning },
    { do: 'move', device: at, from: outer, to: `${turning}/${hand.name()}` },
    { do: 'move', device: at, from: turning, to: outer },
  ];
}

/** One person, and perhaps another one who changes the same at about the same time. */
export function edits(hand: Hand, world: World): Action[] {
  const device = hand.dice.pick(world.devices);
  const actions: Action[] = [];
  for (let count = hand.dice.pick([1, 1, 1, 2, 3, 5]); count > 0; count--) actions.push(...edit(hand, device));
  const touched = actions[0];
  if (touched !== undefined && 'path' in touched) hand.hot = touched.path;
  if (hand.dice.chance(0.35)) {
    const other = hand.dice.pick(world.devices);
    if (other !== device) actions.push(...edit(hand, other));
  }
  return actions;
}
