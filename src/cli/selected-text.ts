import { printable } from '../common/printable.ts';
import type { Output } from '../rpc/contract.ts';

export const selectedText = ({ deselected }: Output<'deselected'>): string =>
  deselected.length === 0
    ? 'Everything in the vault is on this device.'
    : `Not on this device:\n${deselected.map(({ path, kind }) => `  ${printable(path)}${kind === 'folder' ? '/' : ''}`).join('\n')}`;
