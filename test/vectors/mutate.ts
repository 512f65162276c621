import { fromHex, toHex } from '../../src/common/bytes.ts';
import { must } from '../../src/common/errors.ts';
import { type Cbor, decodeCbor, encodeCbor } from '../../src/crypto/cbor.ts';
import type { VectorCase } from './case.ts';

export const bytes = (hex: string): Uint8Array => must(fromHex(hex));

/** The hex with one bit turned over. Negative positions count bytes from the end. */
export function flip(hex: string, at: number, bit = 0): string {
  const changed = bytes(hex);
  const index = at < 0 ? changed.length + at : at;
  changed[index] = (changed[index] as number) ^ (1 << bit);
  return toHex(changed);
}

export const cut = (hex: string, count: number): string => hex.slice(0, hex.length - 2 * count);

/** The hex of a structure with one element replaced. */
export function withField(hex: string, at: number, value: Cbor): string {
  const fields = [...(decodeCbor(bytes(hex)) as readonly Cbor[])];
  fields[at] = value;
  return toHex(encodeCbor(fields));
}

interface Fault {
  readonly name: string;
  readonly rule: string;
  readonly hex: string;
  readonly expect: VectorCase['expect'];
}

/** Every way to break the frame of a structure, and the type or length of each of its elements. One fault each. */
export function structureFaults(hex: string): Fault[] {
  const fields = decodeCbor(bytes(hex)) as readonly Cbor[];
  const array = (items: readonly Cbor[]): string => toHex(encodeCbor(items));
  const auth = (name: string, rule: string, changed: string): Fault => ({ name, rule, hex: changed, expect: 'E_AUTH' });
  const suite = (name: string, changed: string): Fault => ({
    name,
    rule: 'F-SUITE-1',
    hex: changed,
    expect: 'E_DOWNGRADE',
  });
  const faults = [
    auth('of another name', 'F-CBOR-7', withField(hex, 0, 'other')),
    auth('name as number', 'F-CBOR-7', withField(hex, 0, 1)),
    suite('suite 0', withField(hex, 1, 0)),
    suite('suite 2', withField(hex, 1, 2)),
    suite('suite as text', withField(hex, 1, '1')),
    suite('no suite', array([fields[0] as Cbor, ...fields.slice(2)])),
    auth('an element too many', 'F-CBOR-7', array([...fields, null])),
    auth('an element too few', 'F-CBOR-7', array(fields.slice(0, -1))),
    auth('a byte after it', 'F-CBOR-6', `${hex}00`),
    auth('last byte missing', 'F-CBOR-5', cut(hex, 1)),
    auth('empty', 'F-CBOR-6', ''),
    auth('suite not in shortest form', 'F-CBOR-1', longSuite(hex, fields)),
  ];
  for (const [at, field] of fields.entries()) {
    if (at > 1) faults.push(...fieldFaults(hex, at, field));
  }
  return faults;
}

/** 0x01 written as 0x18 0x01. */
function longSuite(hex: string, fields: readonly Cbor[]): string {
  const name = toHex(encodeCbor(fields[0] as Cbor));
  const at = hex.indexOf(name) + name.length;
  return `${hex.slice(0, at)}1801${hex.slice(at + 2)}`;
}

function fieldFaults(hex: string, at: number, field: Cbor): Fault[] {
  const fault = (name: string, value: Cbor): Fault => ({
    name: `element ${at} ${name}`,
    rule: 'F-CBOR-7',
    hex: withField(hex, at, value),
    expect: 'E_AUTH',
  });
  const kinds: Fault[] = [];
  if (field !== null) kinds.push(fault('is null', null));
  if (field instanceof Uint8Array && [16, 32, 104].includes(field.length)) {
    kinds.push(fault('is a byte short', field.slice(1)), fault('is a byte long', Uint8Array.of(...field, 0)));
  }
  if (typeof field === 'number') kinds.push(fault('is text', String(field)));
  return kinds;
}
