import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** Each fuse of a packaged program, by the name that electron-builder.yml has for it. */
const names: Readonly<Record<string, FuseV1Options>> = {
  runAsNode: FuseV1Options.RunAsNode,
  enableCookieEncryption: FuseV1Options.EnableCookieEncryption,
  enableNodeOptionsEnvironmentVariable: FuseV1Options.EnableNodeOptionsEnvironmentVariable,
  enableNodeCliInspectArguments: FuseV1Options.EnableNodeCliInspectArguments,
  enableEmbeddedAsarIntegrityValidation: FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
  onlyLoadAppFromAsar: FuseV1Options.OnlyLoadAppFromAsar,
  loadBrowserProcessSpecificV8Snapshot: FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
  grantFileProtocolExtraPrivileges: FuseV1Options.GrantFileProtocolExtraPrivileges,
};

export type Fuses = Readonly<Record<string, boolean>>;

/** Nothing but the app itself can be run. */
export const wantedFuses: Fuses = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
};

/** A fuse is a digit in the program's text. */
const on = '1'.charCodeAt(0);

/** The fuses of a built program. */
export async function readFuses(program: string): Promise<Fuses> {
  const wire = await getCurrentFuseWire(program);
  return Object.fromEntries(Object.entries(names).map(([name, at]) => [name, wire[at] === on]));
}
