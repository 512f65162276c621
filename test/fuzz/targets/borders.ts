import { join } from 'node:path';
import { nameForms } from '../../../src/app/rescue/safe-name.ts';
import { nameFault } from '../../../src/common/name.ts';
import { parsePath } from '../../../src/common/relative-path.ts';
import { parseRules } from '../../../src/local/ignore-patterns.ts';
import { parseJson, refusalOf } from '../../../src/remote/reply-failure.ts';
import { parseServerOrigin } from '../../../src/remote/server-origin.ts';
import { fromBase64url, toBase64url } from '../../../src/wire/base64url.ts';
import { encodeFrameHeader, parseFrames } from '../../../src/wire/frame.ts';
import { type Route, routes } from '../../../src/wire/route.ts';
import { isSame, outcome, promise, type Target } from '../target.ts';
import { id, jsonWords, textOf } from './json-words.ts';
import { textSeeds } from './seeds.ts';

const frames: Target = {
  name: 'frames',
  kind: 'bytes',
  seeds: () => {
    const frame = (length: number, real = length) =>
      Buffer.concat([encodeFrameHeader(id as never, length), Buffer.alloc(real, 7)]);
    return [
      frame(0),
      frame(5),
      frame(5, 4),
      frame(2 ** 32 - 1, 3),
      Buffer.concat([frame(1), frame(300)]),
      Buffer.alloc(0),
    ];
  },
  run: (input) => {
    const parsed = parseFrames(input);
    if (parsed === null) return;
    const again = Buffer.concat(
      parsed.flatMap((frame) => [encodeFrameHeader(frame.id, frame.bytes.length), frame.bytes]),
    );
    promise(isSame(again, input), 'the frames are not the body');
  },
};

const base64url: Target = {
  name: 'base64url',
  kind: 'bytes',
  seeds: () => textSeeds('', 'AA', 'AAA', 'AAAA', '_-_-', 'AB', 'A', 'AA==', 'zz9'),
  run: (input) => {
    const text = textOf(input);
    const bytes = fromBase64url(text);
    const theirs = Buffer.from(text, 'base64url');
    const isOne = theirs.toString('base64url') === text;
    promise((bytes !== null) === isOne, 'not the one encoding, or not taken');
    if (bytes !== null) promise(toBase64url(bytes) === text && isSame(bytes, theirs), 'other bytes');
  },
};

/** Every reply's schema takes or refuses; nothing else happens. */
const replies: Target = {
  name: 'replies',
  kind: 'text',
  words: [
    ...jsonWords,
    '"error"',
    '"kind"',
    '"security"',
    '"refused"',
    '"message"',
    '"head"',
    '"hash"',
    '"seq"',
    '"retryAfter"',
  ],
  seeds: () =>
    textSeeds(
      '{}',
      '{"error":{"kind":"refused","reason":"session","message":"over","retryAfter":1}}',
      `{"error":{"kind":"conflict","reason":"head-moved","message":"m","head":{"seq":1,"hash":"${'A'.repeat(43)}"},"entries":[]}}`,
      `{"entries":[{"header":"AA","signature":"${'A'.repeat(86)}","ciphertext":"","retained":null,"released":null}],"head":{"seq":1,"hash":"${'A'.repeat(43)}"},"isLast":true}`,
      `{"vaults":[{"vault":"${id}","head":{"seq":0,"hash":"${'A'.repeat(43)}"},"epoch":1,"objects":0,"bytes":0,"checkpointSeq":0}]}`,
      `{"account":"${id}","kdf":{"memoryKiB":65536,"passes":3,"lanes":1,"salt":"${'A'.repeat(22)}"}}`,
    ),
  run: (input) => {
    const json = parseJson(input);
    for (const route of Object.values(routes) as readonly Route[]) route.reply.schema?.safeParse(json);
    for (const status of [200, 302, 400, 401, 429, 500]) {
      const { error } = refusalOf(status, input);
      promise(error.kind !== 'security' && error.kind !== 'bug' && error.kind !== 'corrupt', 'a kind only we may find');
      promise(/^[a-z0-9-]{1,64}$/.test(error.reason ?? ''), 'a reason that is no word');
      promise(!/\p{Cc}|\p{Cf}/u.test(error.message) && error.message.length <= 500, 'a message not fit to be shown');
      promise((error.retryAfter ?? 0) <= 3_600_000, 'a wait without end');
    }
  },
};

const origin: Target = {
  name: 'server-origin',
  kind: 'text',
  words: [
    'http',
    'https',
    '://',
    'localhost',
    '127.0.0.1',
    '[::1]',
    '@',
    ':',
    '/',
    '?',
    '#',
    '.',
    '%2f',
    '\\',
    '\t',
    '0x7f.1',
    'example.org',
    'xn--',
    '\u3002',
  ],
  seeds: () =>
    textSeeds(
      'https://sync.example.org',
      'http://127.0.0.1:80',
      'http://[::1]:4000/',
      'https://a@b',
      'http://localhost',
    ),
  run: (input) => {
    const found = outcome(['usage'], () => parseServerOrigin(textOf(input)));
    if (!found.ok) return;
    const { protocol, hostname, origin: again } = new URL(found.value);
    promise(again === found.value && parseServerOrigin(found.value) === found.value, 'not an origin');
    const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
    promise(protocol === 'https:' || isHere, 'in the open');
  },
};

const paths: Target = {
  name: 'names',
  kind: 'text',
  words: [
    '.',
    '..',
    '/',
    '\\',
    '\0',
    '.holdfast',
    '.HOLDFAST',
    '\uff0e',
    '\ufe52',
    '\u2024',
    'CON',
    'nul.txt',
    ':',
    ' ',
    '\u200b',
    'a'.repeat(300),
    '\u0130',
    '\u212a',
    'ſ',
  ],
  seeds: () => textSeeds('a', 'a/b', '../a', '.holdfast/x', '\uff0eholdfast', 'e\u0301', 'x'.repeat(1020)),
  run: (input) => {
    const name = textOf(input);
    if (nameFault(name) === null) {
      promise(!/[/\0]/.test(name) && name !== '.' && name !== '..' && name !== '', 'a name that climbs');
      promise(Buffer.byteLength(name) <= 1020, 'a name that is too long');
      promise(nameFault(name.normalize('NFC')) !== 'reserved', 'reserved once composed');
      for (const platform of ['linux', 'win32', 'darwin'] as const) {
        for (const form of nameForms(name, platform)) {
          promise(form !== '' && !/[/\0]/.test(form) && form !== '.' && form !== '..', 'a rescued name that climbs');
        }
      }
    }
    const path = parsePath(name);
    if (path !== null && path !== '') promise(join('/root', path).startsWith('/root/'), 'a path that climbs');
  },
};

const ignoreRules: Target = {
  name: 'ignore-rules',
  kind: 'text',
  words: [
    '*',
    '**',
    '/',
    '!',
    '#',
    '\\',
    '[',
    ']',
    '[^a]',
    '[a-z]',
    '?',
    ' ',
    '\n',
    '\r\n',
    'a',
    '**/a/',
    '\\ ',
    '{',
    '(',
    ')',
    '+',
    '$',
    '^',
    '|',
    '[!',
    '[[:alpha:]]',
    '\u0130',
  ],
  seeds: () =>
    textSeeds('*.tmp\n', '/build/\n!keep\n', 'a/**/b\n', '**/x\n', '[a-c]?\\*\n', '# comment\n\\#no\n', 'x/*/y/*/z\n'),
  run: (input) => {
    const parsed = parseRules(input);
    if (!parsed.ok) {
      promise(parsed.error.kind === 'limit' && parsed.error.reason === 'ignore-rules', 'refused otherwise');
      return;
    }
    const asked = [
      'a',
      'a/',
      'keep',
      'build/',
      'x/a/y/b/z',
      'a/'.repeat(60),
      `${'a/'.repeat(60)}b`,
      'a'.repeat(250),
      `${'ab'.repeat(120)}c`,
    ];
    for (const path of asked) parsed.value.judge(path);
  },
};

export const borderTargets = (): readonly Target[] => [frames, base64url, replies, origin, paths, ignoreRules];
