import type { Command } from 'commander';
import type { SignedIn } from '../rpc/home-report.ts';
import { type Options, textOption } from './command.ts';

/** Options of the three ways to sign in. */
export const signInOptions = (command: Command): Command =>
  command
    .requiredOption('--server <url>', 'the storage server, as https://host')
    .requiredOption('--email <address>', 'the address of the account')
    .option('--device <name>', "this device's name, shown to your other devices (default: the computer's)");

export const signInInput = (options: Options) => ({
  server: textOption(options, 'server') ?? '',
  email: textOption(options, 'email') ?? '',
  deviceName: textOption(options, 'device'),
});

export const signedInText = ({ email, server, deviceName }: SignedIn): string =>
  `Signed in as ${email} on ${server}. This device is “${deviceName}”.`;
