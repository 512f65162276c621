import type { Command } from 'commander';
import { HoldfastError } from '../common/errors.ts';
import type { SignedIn } from '../rpc/home-report.ts';
import { type Options, textOption } from './command.ts';

/** Options of the three ways to sign in. */
export const signInOptions = (command: Command): Command =>
  command
    .requiredOption('--server <url>', 'the address of the storage server, like https://host')
    .requiredOption('--email <address>', 'the e-mail address of the account')
    .option(
      '--device <name>',
      "this device's name, as your other devices show it: up to 64 characters (default: the computer's name)",
    );

export const signInInput = (options: Options) => ({
  server: textOption(options, 'server') ?? '',
  email: textOption(options, 'email') ?? '',
  deviceName: deviceNameOf(options),
});

const longest = 64;
/** In UTF-8; the account holds no more. */
const mostBytes = 128;

/** Null: the computer's own. A longer name would silently be cut on the other devices. */
function deviceNameOf(options: Options): string | null {
  const name = textOption(options, 'device')?.trim();
  if (name === undefined) return null;
  if (name === '' || name.length > longest || Buffer.byteLength(name) > mostBytes) {
    throw new HoldfastError(
      'usage',
      `--device takes a name of 1 to ${longest} characters, of at most ${mostBytes} bytes.`,
    );
  }
  return name;
}

export const signedInText = ({ email, server, deviceName }: SignedIn): string =>
  `Signed in as ${email} on ${server}. This device is “${deviceName}”.`;
