import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { beginChain, extendChain } from '../../../src/app/rescue/account-chain.ts';
import { isSound, parseManifest } from '../../../src/app/rescue/manifest.ts';
import { parseOperations } from '../../../src/app/rescue/operations.ts';
import { openObject } from '../../../src/app/rescue/sealed-object.ts';
import { deriveKey, isSignedBy, openSmallBox, padme } from '../../../src/app/rescue/small-box.ts';
import { fromHex, toHex } from '../../../src/common/bytes.ts';
import { HoldfastError, must } from '../../../src/common/errors.ts';
import { type Cbor, decodeCbor } from '../../../src/crypto/cbor.ts';
import { notAuthentic } from '../../../src/crypto/failure.ts';
import { repository } from '../../helpers/run.ts';
import type { VectorCase, VectorFile } from '../../vectors/case.ts';

type Input = VectorCase['input'];

const hex = (input: Input, name: string): Uint8Array => must(fromHex(input[name] as string), name);
const context = (input: Input): readonly Cbor[] => decodeCbor(hex(input, 'context')) as readonly Cbor[];
const typeByte = { chunk: 1, 'manifest-page': 2, 'state-page': 3 } as const;

/** What the rescue's reader makes of a vector; hex where the vectors hold bytes, undefined where outputs are no bytes. */
const readers: Readonly<Record<string, (input: Input) => string | number | undefined>> = {
  padme: (input) => padme(input['length'] as number),
  derive: (input) => toHex(deriveKey(hex(input, 'key'), input['name'] as string, context(input))),
  box: (input) => toHex(openSmallBox(input['label'] as string, hex(input, 'key'), context(input), hex(input, 'box'))),
  chunk: (input) => {
    const ref = {
      object: input['objectId'] as string,
      secret: hex(input, 'secret'),
      hash: hex(input, 'hash'),
      length: input['plainLength'] as number,
    };
    return toHex(openObject(typeByte[input['type'] as keyof typeof typeByte], ref, hex(input, 'sealed')));
  },
  signature: (input) => {
    const { label } = input as { label: string };
    if (!isSignedBy(hex(input, 'publicKey'), label, hex(input, 'message'), hex(input, 'signature')))
      throw notAuthentic();
    return undefined;
  },
  'account-chain': (input) => {
    const events = (input['events'] as readonly (readonly (string | null)[])[]).map((signed) => {
      const [event, signature, device] = signed.map((item) => (item === null ? null : must(fromHex(item))));
      return { event: must(event), signature: must(signature), deviceSignature: device ?? null };
    });
    const [genesis, ...more] = events;
    if (genesis === undefined) throw notAuthentic();
    const chain = beginChain(input['account'] as string, genesis);
    for (const event of more) extendChain(chain, event);
    return undefined;
  },
  operations: (input) => {
    parseOperations(hex(input, 'padded'));
    return undefined;
  },
  manifest: (input) => {
    if (!isSound(parseManifest(decodeCbor(hex(input, 'manifest'))))) throw notAuthentic();
    return undefined;
  },
};

describe.each(Object.keys(readers))('the second reader on the vectors of %s', (format) => {
  const read = must(readers[format]);
  const path = join(repository, 'test/vectors/formats', `${format}.json`);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as VectorFile;

  it.each(cases)('$rule $name: $expect', ({ input, expect: wanted, output }) => {
    let got = 'ok';
    try {
      const value = read(input);
      if (value !== undefined) expect(value).toBe(output);
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      got = error.security ?? error.kind;
    }
    expect(got).toBe(wanted);
  });
});
