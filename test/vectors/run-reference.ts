import type { Json, VectorCase } from './case.ts';
import {
  type Item,
  refCompareCode,
  refDecode,
  refDerive,
  refEncode,
  refFingerprint,
  refIsSigned,
  refOpenBox,
  refOpenGrant,
  refOpenObject,
  refPadme,
  refRecovery,
  refSeedPublic,
  refSha256,
  refStretch,
  refStructure,
  refUnpad,
} from './reference.ts';

type Input = VectorCase['input'];

const bytesOf = (value: Json | undefined): Uint8Array => Uint8Array.from(Buffer.from(value as string, 'hex'));
const hex = (input: Input, name: string): Uint8Array => bytesOf(input[name]);
const num = (input: Input, name: string): number => input[name] as number;
const str = (input: Input, name: string): string => input[name] as string;
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function check(condition: boolean): void {
  if (!condition) throw new Error('refused');
}

const json = (value: Item): Json => {
  if (value instanceof Uint8Array) return { bytes: toHex(value) };
  return Array.isArray(value) ? value.map(json) : value;
};

const idList = (ids: Json | undefined): Uint8Array => {
  const list = ids as readonly string[];
  check(list.length <= 65_536 && list.every((id, at) => at === 0 || (list[at - 1] as string) < id));
  return refSha256(bytesOf(list.join('')));
};

const emptyContext = refEncode([]);
const unlock = (secret: Uint8Array, kind: string): Json => ({
  kek: toHex(refDerive(secret, `${kind}-kek`, emptyContext)),
  login: toHex(refSeedPublic(refDerive(secret, `${kind}-login`, emptyContext))),
});

function kdf(input: Input): Uint8Array {
  const [m, t, p] = [num(input, 'memoryKiB'), num(input, 'passes'), num(input, 'lanes')];
  const salt = hex(input, 'salt');
  check(m >= 65_536 && m <= 1_048_576 && t >= 3 && t <= 10 && p >= 1 && p <= 4);
  check(salt.length === 16 && salt.some((byte) => byte !== 0));
  return refSha256(refEncode(['argon2id', m, t, p, salt]));
}

/**
 * What the reference makes of a vector's input: the output of a right reader, or nothing where it checks acceptance
 * alone. Throws what it refuses.
 */
export const referenceReaders: Readonly<Record<string, (input: Input) => Json | undefined>> = {
  cbor: (input) => json(refDecode(hex(input, 'bytes'))),
  padme: (input) => refPadme(num(input, 'length')),
  derive: (input) => toHex(refDerive(hex(input, 'key'), str(input, 'name'), hex(input, 'context'))),
  box: (input) => toHex(refOpenBox(str(input, 'label'), hex(input, 'key'), hex(input, 'context'), hex(input, 'box'))),
  chunk: (input) => {
    const type = ['', 'chunk', 'manifest-page', 'state-page'].indexOf(str(input, 'type'));
    const ref = {
      objectId: hex(input, 'objectId'),
      secret: hex(input, 'secret'),
      hash: hex(input, 'hash'),
      plainLength: num(input, 'plainLength'),
    };
    return toHex(refOpenObject(type, ref, hex(input, 'sealed')));
  },
  signature: (input) => {
    check(refIsSigned(str(input, 'label'), hex(input, 'message'), hex(input, 'signature'), hex(input, 'publicKey')));
    return undefined;
  },
  kdf: (input) => toHex(kdf(input)),
  password: (input) => {
    kdf(input);
    const [m, t, p] = [num(input, 'memoryKiB'), num(input, 'passes'), num(input, 'lanes')];
    return unlock(refStretch(str(input, 'password'), m, t, p, hex(input, 'salt')), 'password');
  },
  recovery: (input) => {
    const words = str(input, 'words').normalize('NFKD').toLowerCase().trim().split(/\s+/);
    check(words.length === 24);
    const key = refRecovery(words.join(' '));
    return { key: toHex(key), ...(unlock(key, 'recovery') as object) };
  },
  'account-record': (input) => {
    refStructure('account', hex(input, 'record'));
    check(refIsSigned('account', hex(input, 'record'), hex(input, 'signature'), hex(input, 'identityKey')));
    return undefined;
  },
  login: (input) => {
    const message = refEncode([
      'login',
      1,
      str(input, 'method'),
      str(input, 'origin'),
      hex(input, 'serverNonce'),
      hex(input, 'clientNonce'),
      hex(input, 'account'),
      input['email'] as string | null,
      input['kdfHash'] === null ? null : hex(input, 'kdfHash'),
      hex(input, 'devicePublic'),
    ]);
    check(refIsSigned(`login-${str(input, 'method')}`, message, hex(input, 'signature'), hex(input, 'publicKey')));
    return undefined;
  },
  grants: (input) => {
    refStructure('grants', hex(input, 'grants'));
    return undefined;
  },
  grant: (input) =>
    toHex(
      refOpenGrant(
        hex(input, 'vault'),
        num(input, 'epoch'),
        hex(input, 'account'),
        hex(input, 'privateKey'),
        hex(input, 'grant'),
      ),
    ),
  'entry-header': (input) => {
    refStructure('entry', hex(input, 'header'));
    check(refIsSigned('entry', hex(input, 'header'), hex(input, 'signature'), hex(input, 'deviceKey')));
    return undefined;
  },
  entry: (input) => {
    const header = refStructure('entry', hex(input, 'header'));
    check(refIsSigned('entry', hex(input, 'header'), hex(input, 'signature'), hex(input, 'deviceKey')));
    const [vault, epoch, seq, prevHash, device] = header.slice(2, 7) as [Item, Item, Item, Item, Item];
    const hashes = [refSha256(hex(input, 'ciphertext')), idList(input['retained']), idList(input['released'])];
    for (const [at, hash] of hashes.entries()) check(toHex(hash) === toHex(header[9 + at] as Uint8Array));
    const key = refDerive(hex(input, 'vaultKey'), 'log', refEncode([vault, epoch]));
    return toHex(refOpenBox('entry', key, refEncode([vault, epoch, seq, prevHash, device]), hex(input, 'ciphertext')));
  },
  operations: (input) => {
    const fields = refDecode(refUnpad(hex(input, 'padded'))) as Item[];
    check(Array.isArray(fields) && fields.length === 4 && fields[0] === 'operations' && fields[1] === 1);
    const list = fields[3] as Item[];
    check(typeof fields[2] === 'number' && Array.isArray(list) && list.length >= 1 && list.length <= 4096);
    for (const operation of list) checkOperation(operation);
    return undefined;
  },
  manifest: (input) => {
    const fields = refStructure('manifest', hex(input, 'manifest'));
    const [size, chunkCount] = [fields[4] as number, fields[7] as number];
    const lengths = (fields[8] as Item[][]).map((ref) => ref[3] as number);
    const level1 = Math.ceil(chunkCount / 4096);
    const count = chunkCount <= 16 ? chunkCount : chunkCount <= 65_536 ? level1 : Math.ceil(level1 / 4096);
    check(lengths.length === count && count <= 16 && lengths.every((n) => n >= 1 && n <= 4 * 1024 * 1024));
    check(chunkCount > 16 || lengths.reduce((sum, n) => sum + n, 0) === size);
    return undefined;
  },
  'checkpoint-header': (input) => {
    refStructure('checkpoint', hex(input, 'body'));
    check(refIsSigned('checkpoint', hex(input, 'body'), hex(input, 'signature'), hex(input, 'deviceKey')));
    return undefined;
  },
  'id-list': (input) => toHex(idList(input['ids'])),
  fingerprint: (input) => refFingerprint(hex(input, 'account'), hex(input, 'identityKey'), hex(input, 'sealingKey')),
  'compare-code': (input) => refCompareCode(hex(input, 'vault'), num(input, 'seq'), hex(input, 'head')),
};

/** Section 8.3: number of elements and types, by number. */
const operationShapes: Readonly<Record<number, string>> = {
  1: 'iis',
  2: 'iism',
  3: 'iis',
  4: 'im',
  5: 'i',
  6: 'iis',
  7: 'l',
  8: 's',
  9: 'nh',
};

function checkOperation(operation: Item): void {
  check(Array.isArray(operation) && typeof operation[0] === 'number');
  const [code, ...fields] = operation as [number, ...Item[]];
  const shape = operationShapes[code];
  check(shape !== undefined && shape.length === fields.length);
  for (const [at, type] of [...(shape as string)].entries()) {
    const field = fields[at] as Item;
    if (type === 'i') check(field instanceof Uint8Array && field.length === 16);
    if (type === 'h') check(field instanceof Uint8Array && field.length === 32);
    if (type === 's') check(typeof field === 'string');
    if (type === 'n') check(typeof field === 'number' && field >= 1);
    if (type === 'm') refStructure('manifest', refEncode(field));
    if (type === 'l') {
      const ids = field as Item[];
      check(Array.isArray(ids) && ids.length >= 1 && ids.length <= 4096);
      check(ids.every((id) => id instanceof Uint8Array && id.length === 16));
    }
  }
}
