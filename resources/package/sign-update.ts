import { parseArgs } from 'node:util';
import { countSigners } from '../../src/app/update/judge-update.ts';
import { releaseKeys } from '../../src/app/update/release-keys.ts';
import { toHex } from '../../src/common/bytes.ts';
import { isReleaseVersion, isUpdatePlatform, updatePlatforms } from '../../src/crypto/update-statement.ts';
import { addSignature } from './add-signature.ts';
import { makeReleaseKey, readReleaseKey } from './release-key.ts';

/**
 * For those who release, on a computer without a network (RELEASING.md):
 * `npm run sign-update -- --new-key FILE` makes a key and prints its public half;
 * `npm run sign-update -- --key FILE --version 1.2.3 --platform darwin-arm64 PACKAGE` signs a package.
 * `HOLDFAST_RELEASE_PASSPHRASE` encrypts and opens the key.
 */
const say = (text: string): void => void process.stdout.write(`${text}\n`);

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const text = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  options: { 'new-key': text, key: text, version: text, platform: text },
  allowPositionals: true,
});
const passphrase = process.env['HOLDFAST_RELEASE_PASSPHRASE'] || undefined;

try {
  if (values['new-key'] !== undefined) {
    say(toHex(await makeReleaseKey(values['new-key'], passphrase)));
  } else {
    await sign();
  }
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

async function sign(): Promise<void> {
  const { key, version = '', platform = '' } = values;
  const [file, ...more] = positionals;
  if (key === undefined || file === undefined || more.length > 0) fail('A --key FILE and one package are needed.');
  if (!isReleaseVersion(version)) fail('--version is three numbers, such as 1.2.3.');
  if (!isUpdatePlatform(platform)) fail(`--platform is one of ${updatePlatforms.join(', ')}.`);
  const { path, signed } = await addSignature({ file, version, platform }, await readReleaseKey(key, passphrase));
  for (const { publicKey } of signed.signatures) {
    say(`${toHex(publicKey)}${releaseKeys.keys.includes(toHex(publicKey)) ? '' : '  (in no app yet)'}`);
  }
  const counted = countSigners(signed, releaseKeys);
  say(`${path}: ${counted} of ${releaseKeys.threshold} signatures that the app asks for`);
}
